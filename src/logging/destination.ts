import { writeSync } from 'node:fs';
import { errorCode } from '../errors/classify.js';

/** Where finished log lines go. pino writes to anything of this shape. */
export interface LogDestination {
  /** Takes one line with its newline. Never throws and never blocks on a slow reader. */
  write(line: string): void;
  /** Calls back when everything written so far has been flushed, or never can be. */
  flush(done?: () => void): void;
  /** Writes what is left before the process exits; waits for a slow reader, but not for a stuck one. */
  flushSync(): void;
}

export interface FileDestinationOptions {
  /** File descriptor. Default 2, stderr: on stdio MCP servers stdout belongs to the protocol. */
  readonly fd?: number;
  /** Characters buffered while the reader is slow; further lines are dropped and counted. Default 8 Mi. */
  readonly maxBufferedChars?: number;
  /** How long `flushSync` waits without any progress before it drops the rest. Default 1000. */
  readonly stuckReaderMs?: number;
}

/** Lines are written at once when this many characters have accumulated in one turn of the event loop. */
const EAGER_WRITE_CHARS = 65_536;
const RETRY_MS = 10;
const DEFAULT_MAX_BUFFERED_CHARS = 8 * 1024 * 1024;

/**
 * Writes lines to a file descriptor, batched per turn of the event loop, with one synchronous call.
 *
 * Why not sonic-boom: its `flushSync` retries forever on a closed pipe, so a host whose client went away would never
 * exit; and its asynchronous writes may interleave with those made at exit. Here there is only one writer. A pipe is
 * non-blocking (Node makes it so when `process.stderr` is first accessed), so a reader that stopped reading costs us
 * lines, but never blocks the event loop. A closed pipe (EPIPE) ends the output silently.
 */
export class FileDestination implements LogDestination {
  /** Lines dropped so far, because the buffer was full or the reader was gone. */
  droppedLines = 0;
  readonly #fd: number;
  readonly #maxBufferedChars: number;
  readonly #stuckReaderMs: number;
  #pending = '';
  /** What a partial write left over; it is written before `#pending`. */
  #rest: Buffer | undefined;
  #scheduled = false;
  #broken = false;
  #waiting: (() => void)[] = [];

  constructor({ fd = 2, maxBufferedChars = DEFAULT_MAX_BUFFERED_CHARS, stuckReaderMs = 1000 }: FileDestinationOptions = {}) {
    this.#fd = fd;
    this.#maxBufferedChars = maxBufferedChars;
    this.#stuckReaderMs = stuckReaderMs;
    if (fd === 2) void process.stderr;
  }

  write(line: string): void {
    if (this.#broken || this.#pending.length + line.length > this.#maxBufferedChars) {
      this.droppedLines += 1;
      return;
    }
    this.#pending += line;
    if (this.#scheduled) {
      // While a retry is pending the reader is slow: trying on every line would only cost system calls.
      if (this.#rest === undefined && this.#pending.length >= EAGER_WRITE_CHARS) this.#drain();
      return;
    }
    this.#scheduled = true;
    setImmediate(this.#onTurn);
  }

  flush(done?: () => void): void {
    this.#drain();
    if (done === undefined) return;
    if (this.#isEmpty) done();
    else this.#waiting.push(done);
  }

  flushSync(): void {
    let giveUpAtMs = performance.now() + this.#stuckReaderMs;
    while (!this.#isEmpty) {
      const before = this.#remaining;
      this.#drain();
      if (this.#isEmpty) return;
      if (this.#remaining !== before) giveUpAtMs = performance.now() + this.#stuckReaderMs;
      else if (performance.now() > giveUpAtMs) {
        this.#dropRest();
        return;
      }
      // The event loop must not run here (we may be inside an exit handler), so this thread sleeps.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }

  readonly #onTurn = (): void => {
    this.#scheduled = false;
    this.#drain();
    if (this.#isEmpty) return;
    this.#scheduled = true;
    // Does not keep the process alive for a stuck reader; flushSync writes what is left at the end.
    setTimeout(this.#onTurn, RETRY_MS).unref();
  };

  get #isEmpty(): boolean {
    return this.#rest === undefined && this.#pending === '';
  }

  get #remaining(): number {
    return (this.#rest?.length ?? 0) + this.#pending.length;
  }

  /** Writes until nothing is left or the reader has no room. */
  #drain(): void {
    try {
      while (!this.#isEmpty) {
        const bytes = this.#rest ?? Buffer.from(this.#pending);
        if (this.#rest === undefined) this.#pending = '';
        this.#rest = bytes;
        const written = writeSync(this.#fd, bytes);
        this.#rest = written < bytes.length ? bytes.subarray(written) : undefined;
      }
    } catch (error) {
      if (errorCode(error) === 'EAGAIN') return;
      // EPIPE and the like: the reader is gone for good.
      this.#broken = true;
      this.#dropRest();
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done();
  }

  #dropRest(): void {
    this.droppedLines += this.#pending.split('\n').length - 1;
    this.#pending = '';
    this.#rest = undefined;
  }
}

let shared: FileDestination | undefined;

const others = new Set<Pick<LogDestination, 'flushSync'>>();

/** Flushes stderr and what is flushed with it, for a caller that is about to end the process by a signal: Node emits no `exit` then. */
export function flushStderr(): void {
  shared?.flushSync();
  for (const other of others) other.flushSync();
}

/** From now on another destination of the process is flushed whenever stderr is: at its end, and before a signal ends it. */
export function flushWithStderr(destination: Pick<LogDestination, 'flushSync'>): void {
  if (others.size === 0) {
    process.on('exit', () => {
      for (const other of others) other.flushSync();
    });
  }
  others.add(destination);
}

/** The process's only destination on stderr, created on first use and flushed when the process exits. */
export function stderrDestination(): FileDestination {
  if (shared === undefined) {
    const destination = new FileDestination();
    process.on('exit', () => {
      destination.flushSync();
    });
    shared = destination;
  }
  return shared;
}
