import { context, trace } from '@opentelemetry/api';
import type { Clock } from '../../../time/clock.js';
import type { Database } from '../../storage/database.js';
import { despiteLostRaces } from '../lostRace.js';
import { insertEntry } from '../sql/insertEntry.js';
import type { InsertEntryRow } from '../sql/insertEntry.js';
import type { Append } from './append.js';
import { freeConnections } from './freeConnections.js';
import { insertTogether } from './insertTogether.js';
import type { InsertDependencies, SharedOutcome, TracedAppend } from './insertTogether.js';

export interface AppendQueueDependencies extends InsertDependencies {
  readonly database: Database;
  readonly clock: Clock;
}

/** Calls in one statement: enough to share its cost, and few enough for a statement of some milliseconds. */
const MOST_TOGETHER = 64;
/** Whoever has waited so long goes to the pool of connections by itself, where its own limits apply. */
const MOST_WAIT_MS = 1000;

/** What a call that has waited learns; `turn`: it is the only one that is sent now. */
type Turn = SharedOutcome | { readonly kind: 'turn' };

interface Waiter extends TracedAppend {
  readonly deadlineMs: number;
  readonly resolve: (turn: Turn) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends appends to the database: each at once and by itself while there is a connection for it, and otherwise those together that wait.
 *
 * A call waits only while no connection is free, or while an entry of ours for the same session is under way, for whose lock it would
 * wait in the database. Each statement that ends sends what has come together meanwhile. No two statements of ours have entries of
 * the same session at a time, but for calls that could not be answered together: those are sent as if there were no others.
 */
export class AppendQueue {
  readonly #deps: AppendQueueDependencies;
  #waiting: Waiter[] = [];
  /** Sessions with a statement of ours under way. */
  readonly #busy = new Set<string>();
  #running = 0;
  #isWatching = false;

  constructor(deps: AppendQueueDependencies) {
    this.#deps = deps;
  }

  /** Adds one entry; resolves with `undefined` for an unknown session. Rejects as the statement of this call alone would. */
  async insert(append: Append): Promise<InsertEntryRow | undefined> {
    const keys = [append.sessionKey];
    if (this.#hasRoom() && !this.#busy.has(append.sessionKey)) this.#begin(keys);
    else {
      const turn = await this.#wait(append);
      if (turn.kind === 'answered') return turn.row;
      if (turn.kind === 'alone') return this.#insertAlone(append);
    }
    try {
      return await this.#insertAlone(append);
    } finally {
      this.#end(keys);
    }
  }

  /** An earlier server that numbers the same session without our counter can take a number first; the next attempt sees its row. */
  async #insertAlone({ sessionKey, contextType, content, metadata, agent, traceparent }: Append): Promise<InsertEntryRow | undefined> {
    const values = [sessionKey, contextType, content, metadata, agent, traceparent];
    const [row] = await despiteLostRaces(() => this.#deps.database.query<InsertEntryRow>(insertEntry, values));
    return row;
  }

  async #insertTogether(calls: readonly Waiter[], keys: readonly string[]): Promise<void> {
    try {
      const outcomes = await insertTogether(this.#deps, calls);
      for (const [index, { resolve }] of calls.entries()) resolve(outcomes[index] ?? { kind: 'alone' });
    } catch (error) {
      for (const { reject } of calls) reject(error);
    } finally {
      this.#end(keys);
    }
  }

  #hasRoom(): boolean {
    return this.#running === 0 || !(freeConnections(this.#deps.database.pool) <= 0);
  }

  #begin(keys: readonly string[]): void {
    this.#running += 1;
    for (const key of keys) this.#busy.add(key);
  }

  #end(keys: readonly string[]): void {
    this.#running -= 1;
    for (const key of keys) this.#busy.delete(key);
    if (this.#waiting.length > 0 && this.#hasRoom()) this.#sendNext();
  }

  /** Sends the oldest of those that wait, and with them all others that may go. */
  #sendNext(): void {
    const next: Waiter[] = [];
    const rest: Waiter[] = [];
    for (const waiter of this.#waiting)
      (next.length < MOST_TOGETHER && !this.#busy.has(waiter.append.sessionKey) ? next : rest).push(waiter);
    const [first] = next;
    if (first === undefined) return;
    this.#waiting = rest;
    const keys = [...new Set(next.map(({ append }) => append.sessionKey))];
    this.#begin(keys);
    if (next.length === 1) first.resolve({ kind: 'turn' });
    else void this.#insertTogether(next, keys);
  }

  #wait(append: Append): Promise<Turn> {
    const span = trace.getSpanContext(context.active());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ append, span, deadlineMs: this.#deps.clock.monotonicMs() + MOST_WAIT_MS, resolve, reject });
      if (!this.#isWatching) void this.#watch();
    });
  }

  async #watch(): Promise<void> {
    const { clock } = this.#deps;
    this.#isWatching = true;
    for (let oldest = this.#waiting[0]; oldest !== undefined; oldest = this.#waiting[0]) {
      const restMs = oldest.deadlineMs - clock.monotonicMs();
      if (restMs > 0) await clock.sleep(restMs, { unref: true });
      else this.#waiting.shift()?.resolve({ kind: 'alone' });
    }
    this.#isWatching = false;
  }
}
