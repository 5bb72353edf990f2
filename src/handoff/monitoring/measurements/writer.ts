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
}

/** An hour of intervals, while the database is away; and no more than so many rows of them together. */
const MAX_BATCHES = 60;
const MAX_ROWS = 20_000;

/** Writes batches in order. What cannot be written is kept up to a bound and tried again with the next; beyond it the oldest is dropped. */
export class MeasurementWriter {
  readonly #options: WriterOptions;
  readonly #waiting: Batch[] = [];
  #writing: Promise<void> = Promise.resolve();

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
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        await this.#send(next);
        this.#options.onWritten(rowsOf(next));
        // While it was under way, it may have been given up.
        if (this.#waiting[0] === next) this.#waiting.shift();
      }
    } catch {
      // The database is away, which others tell. The next interval tries again.
    }
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  #dropOldest(): void {
    let rows = this.#waiting.reduce((sum, batch) => sum + rowsOf(batch), 0);
    while (this.#waiting.length > 1 && (this.#waiting.length > MAX_BATCHES || rows > MAX_ROWS)) {
      const dropped = rowsOf(this.#waiting.shift());
      rows -= dropped;
      this.#options.onDropped(dropped);
    }
  }

  async #send({ id, endMs, performance, metrics }: Batch): Promise<void> {
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

function rowsOf(batch: Batch | undefined): number {
  return batch === undefined ? 0 : batch.performance.length + batch.metrics.length;
}
