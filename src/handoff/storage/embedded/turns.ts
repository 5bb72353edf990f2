import { queryMessage, syncMessage } from './backendMessages.js';

/** What a client sent up to a point where the backend can be given to another client, or at least must answer. */
export interface Unit {
  readonly bytes: Buffer;
  /** False after a Flush: the client will continue the same exchange, and nobody may interleave. */
  readonly complete: boolean;
}

/** A client from the point of view of the turn-taking. */
export interface TurnTaker {
  reply(bytes: Buffer): void;
  /** Called when it left a transaction open and went silent; the transaction has already been rolled back. */
  expelled(): void;
}

/** The one backend shared by all clients. */
export interface SharedBackend {
  run(unit: Buffer): Promise<{ readonly reply: Buffer; readonly inTransaction: boolean }>;
}

const rollback: Unit = { bytes: Buffer.concat([syncMessage, queryMessage('ROLLBACK')]), complete: true };

/**
 * Shares the one backend among many clients, one unit at a time, in order of arrival.
 *
 * A client that has a transaction open, or an exchange it has not ended with Sync, holds the backend: only its units run.
 * It loses its hold when it ends the transaction, when it disconnects (rolled back immediately), or when it sends nothing for
 * `holdIdleMs` (rolled back and expelled): without that limit a client stopped in a debugger would block everybody.
 *
 * Units of different clients must never interleave. A socket server that forwards single messages lets another client's Parse
 * in between our Parse and our Bind whenever a parameter is too long for one packet.
 */
export class Turns {
  readonly #backend: SharedBackend;
  readonly #holdIdleMs: number;
  readonly #queue: { readonly client: TurnTaker; readonly unit: Unit }[] = [];
  readonly #gone = new WeakSet<TurnTaker>();
  #holder: TurnTaker | undefined;
  #holdTimer: NodeJS.Timeout | undefined;
  #running = false;
  #runningFor: TurnTaker | undefined;
  #idleWaiters: (() => void)[] = [];
  #unitsRun = 0;

  constructor(backend: SharedBackend, holdIdleMs: number) {
    this.#backend = backend;
    this.#holdIdleMs = holdIdleMs;
  }

  /** Queues a unit. Its reply comes through `client.reply`, unless the client leaves first. */
  add(client: TurnTaker, unit: Unit): void {
    this.#queue.push({ client, unit });
    if (client === this.#holder) clearTimeout(this.#holdTimer);
    this.#schedule();
  }

  /** Discards what the client has queued. Returns whether one of its units is running, whose reply is still to come. */
  withdraw(client: TurnTaker): boolean {
    for (let index = this.#queue.length - 1; index >= 0; index -= 1) {
      if (this.#queue[index]?.client === client) this.#queue.splice(index, 1);
    }
    return this.#runningFor === client;
  }

  /**
   * Handles a client that is gone: its queued units are discarded, what it left open is rolled back, and `farewell` is run last.
   * Idempotent.
   */
  leave(client: TurnTaker, farewell?: Unit): void {
    if (this.#gone.has(client)) return;
    this.#gone.add(client);
    this.withdraw(client);
    if (client === this.#holder) {
      clearTimeout(this.#holdTimer);
      this.#queue.unshift({ client, unit: rollback });
    }
    if (farewell !== undefined) this.#queue.push({ client, unit: farewell });
    this.#schedule();
  }

  /** Resolves when nothing is queued, running or held open. */
  idle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idleWaiters.push(resolve);
    });
  }

  /** Number of units run so far. */
  get unitsRun(): number {
    return this.#unitsRun;
  }

  get isIdle(): boolean {
    return !this.#running && this.#queue.length === 0 && this.#holder === undefined;
  }

  /** One unit per turn of the event loop, so that sockets are read and time-outs fire under any load. */
  #schedule(): void {
    if (this.#running || this.#nextIndex() === -1) return;
    this.#running = true;
    setImmediate(() => void this.#runNext());
  }

  #nextIndex(): number {
    const holder = this.#holder;
    if (holder === undefined) return this.#queue.length === 0 ? -1 : 0;
    return this.#queue.findIndex(({ client }) => client === holder);
  }

  async #runNext(): Promise<void> {
    // Looked up again, since the client may have left after this turn was scheduled.
    const index = this.#nextIndex();
    const entry = index === -1 ? undefined : this.#queue.splice(index, 1)[0];
    if (entry !== undefined) {
      const { client, unit } = entry;
      this.#unitsRun += 1;
      this.#runningFor = client;
      const { reply, inTransaction } = await this.#backend.run(unit.bytes);
      this.#runningFor = undefined;
      this.#hold(client, inTransaction || !unit.complete);
      if (!this.#gone.has(client)) client.reply(reply);
    }
    this.#running = false;
    this.#schedule();
    if (this.isIdle) for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  #hold(client: TurnTaker, holds: boolean): void {
    clearTimeout(this.#holdTimer);
    this.#holder = holds ? client : undefined;
    if (!holds) return;
    if (this.#gone.has(client)) this.#queue.unshift({ client, unit: rollback });
    else this.#holdTimer = setTimeout(() => this.#expel(client), this.#holdIdleMs);
  }

  #expel(client: TurnTaker): void {
    if (this.#running || this.#queue.some((entry) => entry.client === client)) return;
    client.expelled();
    this.leave(client);
  }
}
