import { context, trace } from '@opentelemetry/api';
import type { Clock } from '../../../time/clock.js';
import type { Observe } from '../../../telemetry/observe.js';
import type { Database } from '../../storage/database.js';
import { freeConnections } from './freeConnections.js';
import { sendTogether } from './sendTogether.js';
import type { SharedStatement } from './sendTogether.js';
import { ALONE } from './sharedCall.js';
import type { SharedCall, SharedOutcome, TracedCall } from './sharedCall.js';

export interface StatementQueueDependencies {
  readonly database: Pick<Database, 'pool'>;
  readonly observe: Observe;
  readonly clock: Clock;
  /** Runs something when all that happened in this turn of the event loop has been handled. */
  readonly endOfTurn: (run: () => void) => void;
}

/** A statement as it is sent for one call and for several. */
export interface QueuedStatement<Call extends SharedCall, Row> extends SharedStatement<Call, Row> {
  readonly sendAlone: (call: Call) => Promise<Row | undefined>;
  /** Calls in one statement: enough to share its cost, and few enough for a statement of some milliseconds. */
  readonly mostTogether: number;
  /**
   * How many shared statements are sent at a time; absent for as many as there are connections. With few, more calls come together
   * meanwhile. A shared statement must then wait for nobody in the database, as all other calls wait for it.
   */
  readonly mostAtATime?: number;
  /** Whether the shared statement can do no more than one call for a session. */
  readonly isOncePerSession?: boolean;
}

/** Whoever has waited so long goes to the pool of connections by itself, where its own limits apply. */
const MOST_WAIT_MS = 1000;

/** What a call that has waited learns; `turn`: it is the only one that is sent now. */
type Turn<Row> = SharedOutcome<Row> | { readonly kind: 'turn' };

interface Waiter<Call extends SharedCall, Row> extends TracedCall<Call> {
  readonly deadlineMs: number;
  readonly resolve: (turn: Turn<Row>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends calls to the database, those together that come in one turn of the event loop or wait for a connection.
 *
 * A call waits only while no connection is free, or while a call for the same session is under way, for whose lock it would
 * wait in the database. Each statement that ends sends what has come together meanwhile. No two statements of a queue are for
 * the same session at a time, but for calls that could not be answered together: those are sent as if there were no others.
 */
export class StatementQueue<Call extends SharedCall, Row> {
  readonly #deps: StatementQueueDependencies;
  readonly #statement: QueuedStatement<Call, Row>;
  #waiting: Waiter<Call, Row>[] = [];
  /** Sessions with a statement of this queue under way. */
  readonly #busy = new Set<string>();
  #running = 0;
  /** How many of these are shared. */
  #shared = 0;
  #isWatching = false;
  #isSending = false;

  constructor(deps: StatementQueueDependencies, statement: QueuedStatement<Call, Row>) {
    this.#deps = deps;
    this.#statement = statement;
  }

  /** Sends one call; resolves with `undefined` where the statement finds nothing. Rejects as the statement of this call alone would. */
  async send(call: Call): Promise<Row | undefined> {
    const turn = await this.#wait(call);
    if (turn.kind === 'answered') return turn.row;
    if (turn.kind === 'alone') return this.#statement.sendAlone(call);
    try {
      return await this.#statement.sendAlone(call);
    } finally {
      this.#end([call.sessionKey]);
    }
  }

  async #sendTogether(calls: readonly Waiter<Call, Row>[], keys: readonly string[]): Promise<void> {
    this.#shared += 1;
    try {
      const outcomes = await sendTogether(this.#deps.observe, this.#statement, calls);
      for (const [index, { resolve }] of calls.entries()) resolve(outcomes[index] ?? ALONE);
    } catch (error) {
      for (const { reject } of calls) reject(error);
    } finally {
      this.#shared -= 1;
      this.#end(keys);
    }
  }

  #hasRoom(): boolean {
    const { mostAtATime = Infinity } = this.#statement;
    if (this.#shared >= mostAtATime) return false;
    return this.#running === 0 || !(freeConnections(this.#deps.database.pool) <= 0);
  }

  #begin(keys: Iterable<string>): void {
    this.#running += 1;
    for (const key of keys) this.#busy.add(key);
  }

  #end(keys: readonly string[]): void {
    this.#running -= 1;
    for (const key of keys) this.#busy.delete(key);
    if (this.#waiting.length > 0) this.#sendSoon();
  }

  /** At the end of this turn of the event loop, when all that came in it are here. */
  #sendSoon(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#deps.endOfTurn(() => {
      this.#isSending = false;
      while (this.#waiting.length > 0 && this.#hasRoom()) if (!this.#sendNext()) return;
    });
  }

  /** Sends the oldest of those that wait, and with them all others that may go. Returns whether any may. */
  #sendNext(): boolean {
    const { mostTogether, mostAtATime, isOncePerSession = false } = this.#statement;
    const next: Waiter<Call, Row>[] = [];
    const rest: Waiter<Call, Row>[] = [];
    const keys = new Set<string>();
    for (const waiter of this.#waiting) {
      const { sessionKey } = waiter.call;
      const mayGo = next.length < mostTogether && !this.#busy.has(sessionKey) && !(isOncePerSession && keys.has(sessionKey));
      (mayGo ? next : rest).push(waiter);
      if (mayGo) keys.add(sessionKey);
    }
    const [first] = next;
    if (first === undefined) return false;
    this.#waiting = rest;
    // Where others come meanwhile, even one call goes by the statement that waits for nobody.
    const isAlone = next.length === 1 && (mostAtATime === undefined || this.#running === 0);
    this.#begin(keys);
    if (isAlone) first.resolve({ kind: 'turn' });
    else void this.#sendTogether(next, [...keys]);
    return true;
  }

  #wait(call: Call): Promise<Turn<Row>> {
    const span = trace.getSpanContext(context.active());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, span, deadlineMs: this.#deps.clock.monotonicMs() + MOST_WAIT_MS, resolve, reject });
      this.#sendSoon();
      if (!this.#isWatching) void this.#watch();
    });
  }

  async #watch(): Promise<void> {
    const { clock } = this.#deps;
    this.#isWatching = true;
    for (let oldest = this.#waiting[0]; oldest !== undefined; oldest = this.#waiting[0]) {
      const restMs = oldest.deadlineMs - clock.monotonicMs();
      if (restMs > 0) await clock.sleep(restMs, { unref: true });
      else this.#waiting.shift()?.resolve(ALONE);
    }
    this.#isWatching = false;
  }
}
