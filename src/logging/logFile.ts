import { errorCode, toError } from '../errors/classify.js';
import { appendAtOnce } from './appendAtOnce.js';
import { flushWithStderr } from './stderrDestination.js';
import type { LogDestination } from './destination.js';
import { endsInPart } from './endsInPart.js';
import type { LogFileOptions } from './logFileOptions.js';
import { openRotatingFile } from './rotatingFile.js';
import type { RotatingFile, WriteListener } from './rotatingFile.js';

const DEFAULT_MAX_BUFFERED_CHARS = 8 * 1024 * 1024;
const DEFAULT_RETRY_MS = 1000;
const DEFAULT_LOOK_MS = 1000;
const DEFAULT_ROTATION_RETRY_MS = 60 * 60_000;
const UNROTATED = { maxBytes: Number.MAX_SAFE_INTEGER, interval: 'none' } as const;
/** How long the end of the process waits for a write that is under way. A disk that hangs must not hold it longer. */
const LAST_WRITE_MS = 300;

/**
 * Writes lines to a file that is rotated. Writing is asynchronous, one batch at a time, so that a slow disk holds up no call. A file that
 * cannot be written (a full disk) costs records, which are counted, and is tried again until it can. One that cannot be rotated costs none:
 * it is appended to, and the rotation tried again later. One that
 * others have removed or renamed is made anew.
 */
export class LogFile implements LogDestination {
  /** Records lost so far. */
  droppedLines = 0;
  readonly #options: LogFileOptions;
  readonly #maxBufferedChars: number;
  #file: RotatingFile | undefined;
  #pending = '';
  /** The batch that is being written, and what size the file has when it is there. */
  #inFlight: { readonly text: string; isWritten: boolean } | undefined;
  #isScheduled = false;
  /** Whether the file is being closed or looked for; until that is over, nothing is written to it. */
  #isBusy = false;
  /** Whether the file may end in a part of a line. */
  #isTorn = false;
  /** Records lost since the file could last be written; `undefined` while it can. */
  #lostInTrouble: number | undefined;
  /** Until when the file is only appended to, because it could not be rotated. */
  #unrotatedUntilMs: number | undefined;
  /** Whether the file has still not been rotated, as has been told. */
  #isOverdue = false;
  /** When to look up next whether the file is still in its place. */
  #lookAtMs = 0;
  #isFinished = false;
  #waiting: (() => void)[] = [];

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.#maxBufferedChars = options.maxBufferedChars ?? DEFAULT_MAX_BUFFERED_CHARS;
    flushWithStderr(this);
  }

  write(line: string): void {
    if (this.#pending.length + line.length > this.#maxBufferedChars) {
      this.#drop(1, 'buffer_full');
      return;
    }
    this.#pending += line;
    if (this.#isFinished) return this.flushSync();
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#pump);
  }

  flush(done?: () => void): void {
    if (done === undefined) return;
    if (this.#isIdle) done();
    else this.#waiting.push(done);
  }

  flushSync(): void {
    if (this.#inFlight !== undefined && this.#file?.progress() === 'waiting') {
      this.#file.cancel();
      this.#pending = this.#inFlight.text + this.#pending;
      this.#inFlight = undefined;
    }
    // A batch that is still on its way after a time is given up on, with all that is behind it: the disk hangs.
    const isStuck = !this.#awaitInFlight();
    if (isStuck) this.#pending = `${this.#inFlight?.text ?? ''}${this.#pending}`;
    this.#inFlight = undefined;
    const last = this.#pending === '' ? '' : this.#takePending();
    try {
      if (isStuck) this.#drop(linesIn(last), 'timeout');
      else if (last !== '') appendAtOnce(this.#options.path, last);
    } catch (error) {
      this.#drop(linesIn(last), errorCode(error) ?? 'unknown');
    }
    this.#release();
  }

  /** Does the same when the process exits: other listeners may still write records, and those are written at once. */
  finish(): void {
    this.#isFinished = true;
    this.flushSync();
  }

  get #isIdle(): boolean {
    return this.#pending === '' && this.#inFlight === undefined;
  }

  readonly #pump = (): void => {
    this.#isScheduled = false;
    if (this.#inFlight !== undefined || this.#isBusy || this.#pending === '') return;
    if (!this.#closesToRotate() && !this.#looksForFile()) this.#writeBatch();
  };

  #writeBatch(): void {
    const batch = { text: this.#takePending(), isWritten: false };
    this.#inFlight = batch;
    const end: WriteListener = (error, { isWritten, isUnrotated } = { isWritten: false, isUnrotated: false }) => {
      if (this.#inFlight !== batch) return;
      this.#inFlight = undefined;
      if (error === undefined) return this.#written();
      if (isUnrotated) return this.#appendOnly(isWritten ? '' : batch.text, error);
      if (!isWritten) return this.#failed(linesIn(batch.text), error);
      // It is in the file that was renamed, and the new one could not be opened.
      this.#file = undefined;
      this.#written();
    };
    try {
      this.#file ??= this.#open();
      this.#file.write(batch.text, end);
    } catch (error) {
      end(toError(error));
    }
  }

  /** What the last write, or a process before, has left of a line must not become one with the next record. */
  #takePending(): string {
    const isTorn = this.#file === undefined ? (endsInPart(this.#options.path) ?? this.#isTorn) : this.#isTorn;
    const text = isTorn ? `\n${this.#pending}` : this.#pending;
    this.#isTorn = false;
    this.#pending = '';
    return text;
  }

  #open(): RotatingFile {
    const { open = openRotatingFile, ...options } = this.#options;
    const file = open({ ...options, ...(this.#unrotatedUntilMs === undefined ? { rotateAtOnce: this.#isOverdue } : UNROTATED) });
    file.onRotation((stage) => {
      if (stage === 'done') this.#isOverdue = false;
      // The batch is in the file that was renamed.
      else if (this.#inFlight !== undefined) this.#inFlight.isWritten = true;
    });
    return file;
  }

  /** Goes on with a file that could not be rotated; `unwritten` is what is not in it yet. */
  #appendOnly(unwritten: string, error: Error): void {
    if (!this.#isOverdue) this.#options.onUnrotated?.(errorCode(error) ?? 'unknown');
    this.#isOverdue = true;
    this.#unrotatedUntilMs = performance.now() + (this.#options.rotationRetryMs ?? DEFAULT_ROTATION_RETRY_MS);
    this.#file = undefined;
    this.#pending = unwritten + this.#pending;
    if (unwritten === '') this.#written();
    else this.#pump();
  }

  /** Whether it is time to rotate a file that could not be. It is closed first, because some systems rename no open file. */
  #closesToRotate(): boolean {
    if (this.#unrotatedUntilMs === undefined || performance.now() < this.#unrotatedUntilMs) return false;
    const file = this.#file;
    this.#unrotatedUntilMs = undefined;
    this.#file = undefined;
    if (file === undefined) return false;
    this.#isBusy = true;
    file.close(this.#goOn);
    return true;
  }

  /** Whether it is being looked up if the file is still in its place: nobody finds what goes to one that others have removed or renamed. */
  #looksForFile(): boolean {
    const file = this.#file;
    const nowMs = performance.now();
    if (file === undefined || nowMs < this.#lookAtMs) return false;
    this.#lookAtMs = nowMs + (this.#options.lookMs ?? DEFAULT_LOOK_MS);
    this.#isBusy = true;
    void file.isInPlace().then((isInPlace) => {
      if (isInPlace) return this.#goOn();
      this.#file = undefined;
      file.close(this.#goOn);
    });
    return true;
  }

  /** The batch is written without another look, however long the last one took. */
  readonly #goOn = (): void => {
    this.#isBusy = false;
    if (this.#pending !== '') this.#writeBatch();
  };

  #written(): void {
    const lost = this.#lostInTrouble;
    this.#lostInTrouble = undefined;
    if (lost !== undefined) this.#options.onRecovered?.(lost);
    if (this.#pending !== '') this.#pump();
    else this.#release();
  }

  /** A part of the batch may be in the file: written again, it would be there twice. */
  #failed(records: number, error: Error): void {
    const reason = errorCode(error) ?? 'unknown';
    if (this.#lostInTrouble === undefined) {
      this.#lostInTrouble = 0;
      this.#options.onTrouble?.(reason);
    }
    this.#drop(records, reason);
    this.#isTorn = this.#file !== undefined && this.#file.progress() !== 'waiting';
    this.#file = undefined;
    this.#release();
    this.#isScheduled = true;
    setTimeout(this.#pump, this.#options.retryMs ?? DEFAULT_RETRY_MS).unref();
  }

  #drop(records: number, reason: string): void {
    if (records === 0) return;
    this.droppedLines += records;
    if (this.#lostInTrouble !== undefined) this.#lostInTrouble += records;
    this.#options.onDropped?.(records, reason);
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done();
  }

  /** The event loop does not run any more, but the threads that write do. Returns whether nothing is under way. */
  #awaitInFlight(): boolean {
    const batch = this.#inFlight;
    const file = this.#file;
    const giveUpAtMs = performance.now() + LAST_WRITE_MS;
    while (batch !== undefined && !batch.isWritten && file?.progress() === 'writing') {
      if (performance.now() > giveUpAtMs) return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
    return true;
  }
}

function linesIn(text: string): number {
  return text.split('\n').filter((line) => line !== '').length;
}
