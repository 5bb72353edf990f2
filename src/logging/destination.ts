import { writeSync } from 'node:fs';
import { errorCode } from '../errors/classify.js';

/** Where finished log lines go. pino writes to anything of this shape. */
export interface LogDestination {
  /** Takes one line with its newline. Never throws and never blocks on a slow reader. */
  write(line: string): void;
  /** Calls back when everything written so far is out, or can never get out. */
  flush(done?: () => void): void;
  /** Writes what is left before the process goes; waits for a slow reader, but not for a stuck one. */
  flushSync(): void;
}

export interface FileDestinationOptions {
  /** File descriptor. Default 2, stderr: on stdio MCP servers stdout belongs to the protocol. */
  readonly fd?: number;
  /** Characters held back while the reader is slow; further lines are dropped and counted. Default 8 Mi. */
  readonly maxBufferedChars?: number;
  /** How long `flushSync` waits without any progress before it gives the rest up. Default 1000. */
  readonly stuckReaderMs?: number;
}

/** Written at once when this much has gathered in one turn of the event loop. */
const EAGER_WRITE_CHARS = 65_536;
const RETRY_MS = 10;
const DEFAULT_MAX_BUFFERED_CHARS = 8 * 1024 * 1024;

/**
 * Lines to a file descriptor, gathered per turn of the event loop and written with one synchronous call.
 *
 * Why not sonic-boom: its `flushSync` retries for ever on a closed pipe, so a host whose client went away would never
 * exit; and its asynchronous writes may interleave with those made at exit. Here only one place writes. A pipe is
 * non-blocking (Node makes it so when `process.stderr` is first touched), so a reader that stopped reading costs us
 * lines, never the server its event loop. A closed one (EPIPE) ends the output quietly.
 */
export class FileDestination implements LogDestination {
  /** Lines given up so far: buffer full, reader gone. */
  droppedLines = 0;
  readonly #fd: number;
  readonly #maxBufferedChars: number;
  readonly #stuckReaderMs: number;
  #pending = '';
  /** What a partial write left over; goes out before `#pending`. */
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
        this.#giveUp();
        return;
      }
      // The event loop is not to run here (we may be inside an exit handler), so this thread sleeps.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }

  readonly #onTurn = (): void => {
    this.#scheduled = false;
    this.#drain();
    if (this.#isEmpty) return;
    this.#scheduled = true;
    // Does not keep the process alive for a stuck reader; what is left at the end is flushSync's.
    setTimeout(this.#onTurn, RETRY_MS).unref();
  };

  get #isEmpty(): boolean {
    return this.#rest === undefined && this.#pending === '';
  }

  get #remaining(): number {
    return (this.#rest?.length ?? 0) + this.#pending.length;
  }

  /** Writes until all is out or the reader has no room. */
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
      // EPIPE and the like: nobody reads any more, and nothing will change that.
      this.#broken = true;
      this.#giveUp();
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done();
  }

  #giveUp(): void {
    this.droppedLines += this.#pending.split('\n').length - 1;
    this.#pending = '';
    this.#rest = undefined;
  }
}

let shared: FileDestination | undefined;

/** Writes what waits for stderr, for whoever is about to end the process by a signal: Node emits no `exit` then. */
export function flushStderr(): void {
  shared?.flushSync();
}

/** The process's one destination on stderr, flushed when the process exits. Made on first use. */
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
