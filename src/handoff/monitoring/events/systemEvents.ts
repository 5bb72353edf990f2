import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../time/clock.js';
import type { Database } from '../../storage/database.js';
import { writeSystemEvent } from '../sql/writeSystemEvent.js';

/** Something that happened to the servers, as it is kept in `system_events`. */
export interface SystemEvent {
  readonly type: 'alert_raised' | 'alert_cleared' | 'setting_changed';
  /** Name of the alert or of the setting; up to 100 characters. */
  readonly subject: string;
  /** Plain data without content or credentials. */
  readonly data: Readonly<Record<string, unknown>>;
}

interface Waiting extends SystemEvent {
  readonly id: string;
  readonly atMs: number;
}

/** Events that wait while the database is away; beyond it the oldest is dropped, which is in the log all the same. */
const MAX_WAITING = 500;

/** Writes events in order, beside everything else. What cannot be written is tried again with the next, and by `flush()`. */
export class SystemEvents {
  readonly #database: Pick<Database, 'query'>;
  readonly #clock: Clock;
  readonly #server: string;
  readonly #waiting: Waiting[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(database: Pick<Database, 'query'>, clock: Clock, server: string) {
    this.#database = database;
    this.#clock = clock;
    this.#server = server;
  }

  /** Never throws. */
  record(event: SystemEvent): void {
    this.#waiting.push({ ...event, id: randomUUID(), atMs: this.#clock.monotonicMs() });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    void this.flush();
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Never rejects. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#drain());
    return this.#writing;
  }

  async #drain(): Promise<void> {
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        const { id, type, subject, data, atMs } = next;
        const ageMs = Math.max(0, this.#clock.monotonicMs() - atMs);
        await this.#database.query(writeSystemEvent, [id, type, subject, this.#server, JSON.stringify(data), ageMs]);
        // While it was under way, it may have been dropped.
        if (this.#waiting[0] === next) this.#waiting.shift();
      }
    } catch {
      // The database is away, or not migrated, which others tell.
    }
  }
}
