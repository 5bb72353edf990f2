import { writeSync } from 'node:fs';
import { errorCode } from '../errors/classify.js';

/** Where finished log lines go. pino writes to anything of this shape. */
export interface LogDestination {
  /** Takes one line with its newline. Never throws and never blocks on a slow reader. */
  write(line: string): void;
  /** Calls back when everything written so far has been flushed, or cannot be. */
  flush(done?: () => void): void;
  /** Writes what is left before the process exits; waits a bounded time for a slow reader, and not for a full disk. */
  flushSync(): void;
}

export interface FileDestinationOptions {
  /** File descriptor. Default 2, stderr: on stdio MCP servers stdout belongs to the protocol. */
  readonly fd?: number;
  /** Characters buffered while the reader is slow or the disk is full; further lines are dropped and counted. Default 8 Mi. */
  readonly maxBufferedChars?: number;
  /** How long `flushSync` waits without any progress before it drops the rest. Default 1000. */
  readonly stuckReaderMs?: number;
  /** How long it waits in all for a reader that is slow. Default 3000. */
  readonly slowReaderMs?: number;
  /** Pause after a write that failed, as on a full disk. Default 1000. */
  readonly retryMs?: number;
  /** Writes some of the bytes and returns how many. Default: `writeSync`. */
  readonly write?: (fd: number, bytes: Uint8Array) => number;
}

/** Told of lines that are lost, with a system code such as `EPIPE`, or `buffer_full` or `timeout`. */
export type DroppedListener = (lines: number, reason: string) => void;

/** Lines are written at once when this many characters have accumulated in one turn of the event loop. */
const EAGER_WRITE_CHARS = 65_536;
const RETRY_MS = 10;
const DEFAULT_MAX_BUFFERED_CHARS = 8 * 1024 * 1024;
const NEWLINE = 10;
/** The reader is gone, and none can come. */
const GONE = new Set(['EPIPE', 'EBADF', 'ECONNRESET', 'EIO']);

/**
 * Writes lines to a file descriptor, batched per turn of the event loop, with one synchronous call.
 *
 * Why not sonic-boom: its `flushSync` retries forever on a closed pipe, so a host whose client went away would never
 * exit; and its asynchronous writes may interleave with those made at exit. Here there is only one writer. A pipe is
 * non-blocking (Node makes it so when `process.stderr` is first accessed), so a reader that stopped reading costs us
 * lines, but never blocks the event loop. A closed pipe (EPIPE) ends the output silently. Any other failure, such as
 * that of a full disk, passes: lines are kept up to the bound, and come out when there is space.
 */
export class FileDestination implements LogDestination {
  /** Lines dropped so far, because the buffer was full or the reader was gone. */
  droppedLines = 0;
  /** The process's destination on stderr exists before whoever counts does, so that this is no option. */
  onDropped: DroppedListener | undefined;
  readonly #fd: number;
  readonly #maxBufferedChars: number;
  readonly #stuckReaderMs: number;
  readonly #slowReaderMs: number;
  readonly #retryMs: number;
  readonly #writeSome: (fd: number, bytes: Uint8Array) => number;
  #pending = '';
  /** What is being written, before `#pending`, and how much of it is. It begins with a line or with the end of one. */
  #batch: Buffer | undefined;
  #written = 0;
  #scheduled = false;
  /** The code of the failure that ended the output. */
  #broken: string | undefined;
  /** Whether the last write failed in a way that passes. */
  #isFailing = false;
  /** Until when to wait for the reader, once the event loop runs no more. */
  #endsAtMs: number | undefined;
  #waiting: (() => void)[] = [];

  constructor(options: FileDestinationOptions = {}) {
    this.#fd = options.fd ?? 2;
    this.#maxBufferedChars = options.maxBufferedChars ?? DEFAULT_MAX_BUFFERED_CHARS;
    this.#stuckReaderMs = options.stuckReaderMs ?? 1000;
    this.#slowReaderMs = options.slowReaderMs ?? 3000;
    this.#retryMs = options.retryMs ?? 1000;
    this.#writeSome = options.write ?? writeSync;
    if (this.#fd === 2) void process.stderr;
  }

  write(line: string): void {
    if (this.#broken !== undefined) {
      this.#drop(1, this.#broken);
      return;
    }
    if (this.#remaining + line.length > this.#maxBufferedChars) {
      this.#drop(1, 'buffer_full');
      return;
    }
    this.#pending += line;
    if (this.#endsAtMs !== undefined) return this.flushSync();
    if (this.#scheduled) {
      // While a retry is pending the reader is slow: trying on every line would only cost system calls.
      if (this.#batch === undefined && this.#pending.length >= EAGER_WRITE_CHARS) this.#drain();
      return;
    }
    this.#scheduled = true;
    setImmediate(this.#onTurn);
  }

  flush(done?: () => void): void {
    this.#drain();
    if (done === undefined) return;
    if (this.#isEmpty || this.#isFailing) done();
    else this.#waiting.push(done);
  }

  flushSync(): void {
    let nowMs = performance.now();
    const endsAtMs = this.#endsAtMs ?? nowMs + this.#slowReaderMs;
    let giveUpAtMs = Math.min(nowMs + this.#stuckReaderMs, endsAtMs);
    while (!this.#isEmpty) {
      const before = this.#remaining;
      this.#drain();
      // A full disk gets no emptier by waiting here. What is left comes out later, should the process go on.
      if (this.#isEmpty || this.#isFailing) return;
      nowMs = performance.now();
      if (this.#remaining !== before) giveUpAtMs = Math.min(nowMs + this.#stuckReaderMs, endsAtMs);
      if (nowMs > giveUpAtMs) {
        this.#dropRest('timeout');
        return;
      }
      // The event loop must not run here (we may be inside an exit handler), so this thread sleeps.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }

  /** Does the same when the process exits: other listeners may still write lines, and those are written at once, within the same bound. */
  finish(): void {
    this.#endsAtMs ??= performance.now() + this.#slowReaderMs;
    this.flushSync();
  }

  readonly #onTurn = (): void => {
    this.#scheduled = false;
    this.#drain();
    if (this.#isEmpty) return;
    this.#scheduled = true;
    // Does not keep the process alive for a stuck reader; flushSync writes what is left at the end.
    setTimeout(this.#onTurn, this.#isFailing ? this.#retryMs : RETRY_MS).unref();
  };

  get #isEmpty(): boolean {
    return this.#batch === undefined && this.#pending === '';
  }

  get #remaining(): number {
    return (this.#batch === undefined ? 0 : this.#batch.length - this.#written) + this.#pending.length;
  }

  /** Writes until nothing is left, the reader has no room, or a write fails. */
  #drain(): void {
    try {
      let some = 1;
      while (!this.#isEmpty && some > 0) some = this.#writeOnce();
      if (!this.#isEmpty) return;
    } catch (error) {
      const code = errorCode(error) ?? 'unknown';
      if (code === 'EAGAIN') return;
      if (GONE.has(code)) {
        this.#broken = code;
        this.#dropRest(code);
      } else {
        this.#isFailing = true;
        this.#beginLineAgain();
      }
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done();
  }

  /** Returns how many bytes were written. */
  #writeOnce(): number {
    if (this.#batch === undefined) {
      this.#batch = Buffer.from(this.#pending);
      this.#written = 0;
      this.#pending = '';
    }
    const some = this.#writeSome(this.#fd, this.#batch.subarray(this.#written));
    this.#written += some;
    this.#isFailing = false;
    if (this.#written >= this.#batch.length) this.#batch = undefined;
    return some;
  }

  /**
   * The file may end in a part of a line, and before there is space others may write to it or truncate it. So that part is ended with a
   * newline, and its line is written again as a whole.
   */
  #beginLineAgain(): void {
    const batch = this.#batch;
    if (batch === undefined || this.#written === 0) return;
    const start = batch.lastIndexOf(NEWLINE, this.#written - 1) + 1;
    const isTorn = start < this.#written && batch[this.#written] !== NEWLINE;
    this.#batch = isTorn ? Buffer.concat([Buffer.of(NEWLINE), batch.subarray(start)]) : batch.subarray(this.#written);
    this.#written = 0;
  }

  #dropRest(reason: string): void {
    const rest = (this.#batch?.subarray(this.#written).toString() ?? '') + this.#pending;
    this.#pending = '';
    this.#batch = undefined;
    this.#drop(rest.split('\n').length - 1, reason);
  }

  #drop(lines: number, reason: string): void {
    if (lines === 0) return;
    this.droppedLines += lines;
    this.onDropped?.(lines, reason);
  }
}
