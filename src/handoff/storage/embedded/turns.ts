import { queryMessage, syncMessage } from './backendMessages.js';

/** What a client sent up to a point where the backend can be given to somebody else, or at least must answer. */
export interface Unit {
  readonly bytes: Buffer;
  /** False after a Flush: the client will go on with the same exchange, and nobody may come in between. */
  readonly complete: boolean;
}

/** A client as the turn-taking sees it. */
export interface TurnTaker {
  reply(bytes: Buffer): void;
  /** It left a transaction open and fell silent; it has already been rolled back. */
  expelled(): void;
}

/** The one backend all clients share. */
export interface SharedBackend {
  run(unit: Buffer): Promise<{ readonly reply: Buffer; readonly inTransaction: boolean }>;
}

const rollback: Unit = { bytes: Buffer.concat([syncMessage, queryMessage('ROLLBACK')]), complete: true };

/**
 * Gives the one backend to many clients, one unit at a time, in order of arrival.
 *
 * A client that has a transaction open, or an exchange it has not ended with Sync, holds the backend: only its units run.
 * It loses its hold when it ends the transaction, when it goes away (rolled back at once), or when it says nothing for
 * `holdIdleMs` (rolled back and expelled): without that bound a client stopped in a debugger would stop everybody.
 *
 * Units of different clients must never mix. A socket server that passes on single messages lets another client's Parse
 * in between ours and our Bind whenever a parameter is too long for one packet.
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

  /** What the client has queued is not run. Tells whether a unit of it is running: its reply is still to come. */
  withdraw(client: TurnTaker): boolean {
    for (let index = this.#queue.length - 1; index >= 0; index -= 1) {
      if (this.#queue[index]?.client === client) this.#queue.splice(index, 1);
    }
    return this.#runningFor === client;
  }

  /**
   * The client is gone: what it still had queued is not run, what it left open is rolled back, `farewell` is run last.
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

  /** How many units were run so far. */
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
    // Looked up again: since this turn was scheduled the client may have left.
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
