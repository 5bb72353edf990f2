import { errorCode } from '../../../errors/classify.js';
import type { Clock } from '../../../time/clock.js';
import type { Database } from '../../storage/database.js';
import { writeMeasurements } from '../sql/writeMeasurements.js';
import type { Batch } from './rows.js';

export interface WriterOptions {
  readonly database: Pick<Database, 'query'>;
  readonly clock: Clock;
  /** Called with the number of rows that were given up. */
  readonly onDropped: (rows: number) => void;
  /** Called with the number of rows that were written. */
  readonly onWritten: (rows: number) => void;
  /** Called with the SQLSTATE when the database refuses a batch, and not again before it has taken one. */
  readonly onRefused: (code: string) => void;
}

/** What happened longer ago is no longer waited for, in milliseconds; and no more than so many rows are. */
const MAX_AGE_MS = 3_600_000;
const MAX_ROWS = 20_000;

/** Data that cannot be stored, a constraint, and a statement that the schema or the rights do not allow: another try ends the same. */
const REFUSED = /^(?:22|23|42)[0-9A-Z]{3}$/u;

/**
 * Writes batches in order. What cannot be written for now is kept up to a bound and tried again with the next; beyond it the oldest is
 * dropped. What the database refuses for what it is is dropped at once, or everything behind it would wait for ever.
 */
export class MeasurementWriter {
  readonly #options: WriterOptions;
  readonly #waiting: Batch[] = [];
  #writing: Promise<void> = Promise.resolve();
  #isRefusalTold = false;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  write(batch: Batch): Promise<void> {
    this.#waiting.push(batch);
    this.#dropOldest();
    // One after the other: two at a time would send the same batch.
    this.#writing = this.#writing.then(() => this.#drain());
    return this.#writing;
  }

  async #drain(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const outcome = await this.#send(next);
      // The database is away, which others tell. The next interval tries again.
      if (outcome === 'failed') return;
      // While it was under way, it may have been given up.
      if (this.#waiting[0] === next) this.#waiting.shift();
      if (outcome === 'refused') this.#options.onDropped(rowsOf(next));
      else this.#options.onWritten(rowsOf(next));
    }
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  #dropOldest(): void {
    const nowMs = this.#options.clock.monotonicMs();
    let rows = this.#waiting.reduce((sum, batch) => sum + rowsOf(batch), 0);
    for (let [oldest] = this.#waiting; oldest !== undefined && this.#waiting.length > 1; [oldest] = this.#waiting) {
      if (nowMs - oldest.endMs <= MAX_AGE_MS && rows <= MAX_ROWS) return;
      this.#waiting.shift();
      rows -= rowsOf(oldest);
      this.#options.onDropped(rowsOf(oldest));
    }
  }

  async #send(batch: Batch): Promise<'written' | 'refused' | 'failed'> {
    try {
      await this.#query(batch);
      this.#isRefusalTold = false;
      return 'written';
    } catch (error) {
      const code = errorCode(error) ?? '';
      if (!REFUSED.test(code)) return 'failed';
      if (!this.#isRefusalTold) this.#options.onRefused(code);
      this.#isRefusalTold = true;
      return 'refused';
    }
  }

  async #query({ id, endMs, performance, metrics }: Batch): Promise<void> {
    const { database, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const logs = performance.map(({ operation, durationMs, success, sessionId, metadata, atMs }) => ({
      operation,
      duration_ms: durationMs,
      success,
      session_id: sessionId,
      metadata,
      age_ms: Math.max(0, nowMs - atMs),
    }));
    const values = metrics.map((row, at) => ({ ...row, first: at === 0 }));
    await database.query(writeMeasurements, [id, JSON.stringify(logs), JSON.stringify(values), Math.max(0, nowMs - endMs)]);
  }
}

function rowsOf(batch: Batch): number {
  return batch.performance.length + batch.metrics.length;
}
