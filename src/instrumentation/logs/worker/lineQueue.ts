import { VALUE_OTHER } from '../../../telemetry/semconv.js';
import type { BatchCounts, BatchDetails } from '../../pipeline/batchCounts.js';
import { FlushWaits } from '../../pipeline/flushWaits.js';
import type { BatchLimits } from '../../settings/batchLimits.js';
import type { EncodedLine } from './lineFormat.js';
import type { LevelEntry, LogChunk, LogChunkAnswer } from './logThread.js';

/**
 * Lines between the main thread and the log thread.
 *
 * What waits here and what the thread has not answered yet are bounded together, so a collector that hangs costs lines,
 * counted, and neither memory nor time of the host.
 */
export class LineQueue {
  readonly #limits: BatchLimits;
  readonly #post: (chunk: LogChunk) => void;
  #lines: string[] = [];
  #levels: LevelEntry[] = [];
  #unanswered = new Map<number, readonly string[]>();
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #waits = new FlushWaits();
  #made = 0;
  #delivered = 0;
  #failed = 0;
  #dropped = 0;
  #queueFull = 0;
  /** Handed to a thread that ended before it answered. */
  #stopped = 0;
  /** Chunks posted so far. */
  posted = 0;

  constructor(limits: BatchLimits, post: (chunk: LogChunk) => void) {
    this.#limits = limits;
    this.#post = post;
  }

  get counts(): BatchCounts {
    return {
      made: this.#made,
      queued: this.#lines.length,
      inFlight: this.#inFlight,
      delivered: this.#delivered,
      failed: this.#failed,
      dropped: this.#dropped,
    };
  }

  /** Why exports failed the thread says in words only, and words are no attribute values. */
  get details(): BatchDetails {
    const failures = Object.entries({ [VALUE_OTHER]: this.#failed - this.#stopped, stopped: this.#stopped });
    return { failures: new Map(failures), queueFull: this.#queueFull, afterClose: 0, capacity: this.#limits.maxQueueSize };
  }

  add({ line, level }: EncodedLine): void {
    this.#made += 1;
    // Kept even if its first line is dropped: later lines of the level come without it.
    if (level !== undefined) this.#levels.push(level);
    if (this.#lines.length + this.#inFlight >= this.#limits.maxQueueSize) {
      this.#dropped += 1;
      this.#queueFull += 1;
      return;
    }
    this.#lines.push(line);
    if (this.#lines.length >= this.#limits.maxBatchSize) this.postAll();
    else this.#timer ??= setTimeout(() => this.postAll(), this.#limits.scheduleDelayMs).unref();
  }

  /** Counts a line that could not even be made. */
  lose(): void {
    this.#made += 1;
    this.#dropped += 1;
  }

  /** Hands everything over now. */
  postAll(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#lines.length > 0) {
      const lines = this.#lines.length > this.#limits.maxBatchSize ? this.#lines.splice(0, this.#limits.maxBatchSize) : this.#lines;
      if (lines === this.#lines) this.#lines = [];
      const levels = this.#levels;
      this.#levels = [];
      this.posted += 1;
      this.#inFlight += lines.length;
      this.#unanswered.set(this.posted, lines);
      this.#post({ id: this.posted, lines, levels });
    }
  }

  /** What the thread says of a chunk. */
  answer({ id, problem }: LogChunkAnswer): void {
    const lines = this.#unanswered.get(id);
    if (lines === undefined) return;
    this.#unanswered.delete(id);
    this.#inFlight -= lines.length;
    if (problem === undefined) this.#delivered += lines.length;
    else this.#failed += lines.length;
    this.#endWaits();
  }

  /** Resolves when all that was handed over so far is answered for; what comes later does not prolong it. */
  settled(): Promise<void> {
    return this.#isOutstanding(this.posted) ? this.#waits.until(this.posted) : Promise.resolve();
  }

  /**
   * Ends the queue and returns the lines that may be sent by other means: those never handed over and, if the thread has
   * taken none, also the others. Of those it has taken nobody knows; sent again, some would arrive twice.
   */
  takeBack(isUntouched: boolean): readonly string[] {
    clearTimeout(this.#timer);
    const unanswered = [...this.#unanswered.values()].flat();
    const back = isUntouched ? [...unanswered, ...this.#lines] : this.#lines;
    this.#lines = [];
    this.#unanswered = new Map();
    this.#inFlight = 0;
    if (!isUntouched) {
      this.#failed += unanswered.length;
      this.#stopped += unanswered.length;
    }
    this.#made -= back.length;
    this.#endWaits();
    return back;
  }

  /** The thread answers in the order of handing over. */
  #isOutstanding(chunk: number): boolean {
    const [oldest] = this.#unanswered.keys();
    return oldest !== undefined && oldest <= chunk;
  }

  #endWaits(): void {
    this.#waits.end((chunk) => this.#isOutstanding(chunk));
  }
}
