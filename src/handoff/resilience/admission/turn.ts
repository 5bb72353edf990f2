/** A call that has begun. It is over with the first that is called of these; what comes later does nothing. */
export interface Turn {
  /** The work was done; its duration counts. */
  done(): void;
  failed(error: unknown): void;
  /** There was no work after all: its duration says nothing. */
  leave(): void;
}

/** What a turn tells whoever gave it. */
export interface TurnEnds {
  done(startMs: number): void;
  failed(error: unknown): void;
  /** Called once, after one of the others. */
  over(): void;
}

/** Runs the work of a turn. */
export async function runInTurn<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    turn.done();
    return result;
  } catch (error) {
    turn.failed(error);
    throw error;
  }
}

export class OpenTurn implements Turn {
  readonly #ends: TurnEnds;
  readonly #startMs: number;
  #isOver = false;

  constructor(ends: TurnEnds, startMs: number) {
    this.#ends = ends;
    this.#startMs = startMs;
  }

  done(): void {
    this.#end(() => this.#ends.done(this.#startMs));
  }

  failed(error: unknown): void {
    this.#end(() => this.#ends.failed(error));
  }

  leave(): void {
    this.#end(() => undefined);
  }

  #end(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    tell();
    this.#ends.over();
  }
}
