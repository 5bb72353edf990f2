import type { BatchCounts } from '../batcher.js';
import type { BatchLimits } from '../settings/batchLimits.js';
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
  #waiting: (() => void)[] = [];
  #made = 0;
  #delivered = 0;
  #failed = 0;
  #dropped = 0;
  /** Chunks posted so far. */
  posted = 0;

  constructor(limits: BatchLimits, post: (chunk: LogChunk) => void) {
    this.#limits = limits;
    this.#post = post;
  }

  get counts(): BatchCounts {
    return { made: this.#made, queued: this.#lines.length, inFlight: this.#inFlight, delivered: this.#delivered, failed: this.#failed, dropped: this.#dropped };
  }

  add({ line, level }: EncodedLine): void {
    this.#made += 1;
    // Kept even if its first line is dropped: later lines of the level come without it.
    if (level !== undefined) this.#levels.push(level);
    if (this.#lines.length + this.#inFlight >= this.#limits.maxQueueSize) {
      this.#dropped += 1;
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
    if (this.#unanswered.size === 0) this.#release();
  }

  /** Resolves when all that was handed over is answered for. */
  async settled(): Promise<void> {
    if (this.#unanswered.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
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
    if (!isUntouched) this.#failed += unanswered.length;
    this.#made -= back.length;
    this.#release();
    return back;
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
