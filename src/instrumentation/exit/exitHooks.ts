import { isMainThread } from 'node:worker_threads';
import type { Logger } from '@opentelemetry/api';
import { hookFatalErrors } from './fatalErrors.js';
import type { HostProcess } from './hostProcess.js';
import { hookSignals } from './signals.js';

export interface ExitHookOptions {
  readonly host: HostProcess;
  /** The client owns stdin: its end is the end of the conversation. */
  readonly stdio: boolean;
  /** Bounded; never rejects. Resolves with `false` when the bound ended it. */
  readonly flush: () => Promise<boolean>;
  /** Does the same without the event loop: blocks the process. Bounded; never throws. */
  readonly flushNow: () => void;
  /** Whether to call `flushNow` also when the host calls `process.exit()`. */
  readonly flushOnProcessExit: boolean;
  /** Whether `exit` follows an uncaught error. Deno ends without it, so the error itself is the last moment to send. */
  readonly exitFollowsFatal: boolean;
  /** Writes log lines that wait for a slow reader; bounded. Node emits no `exit` for a process that is ended by a signal. */
  readonly flushLines: () => void;
  /** Number of spans and log records made; shows whether there is anything new to send. */
  readonly made: () => number;
  readonly logger: Logger;
  readonly captureErrorMessages: boolean;
}

export interface ExitHooks {
  /** Called when the client of a stdio server has gone: flushes, since the process may be killed soon. */
  readonly conversationEnded: () => void;
  /** Removes all listeners except those for the very end. */
  readonly remove: () => void;
  /** Removes those too; called when there is nothing left to send. */
  readonly finish: () => void;
}

/**
 * Sends the last telemetry whichever orderly way the process ends. Never changes how it ends.
 *
 * - SIGTERM, SIGINT, SIGHUP: see `hookSignals`.
 * - Natural exit (`beforeExit`): see `LastChance.beforeExit`.
 * - stdin end on stdio, and the close of an MCP transport over pipes: flush, since clients close stdin first and may kill the
 *   process soon after.
 * - Uncaught errors: send what is left while the process ends, see `hookFatalErrors` and `createLastFlush`.
 * - `process.exit()`: the same, if enabled.
 */
export function installExitHooks(options: ExitHookOptions): ExitHooks {
  const { host, stdio, flushLines } = options;
  const last = new LastChance(options);
  const onBeforeExit = (): void => last.beforeExit();
  const onExit = (): void => last.onExit();
  host.prependListener('beforeExit', onBeforeExit);
  host.on('exit', onExit);
  const unhookFatal = hookFatalErrors({ ...options, onFatal: ({ survives }) => last.onFatal(survives) });
  const undo = [(): void => void host.removeListener('beforeExit', onBeforeExit)];
  // Workers get no signals, and raising one there would end the whole process.
  if (isMainThread) undo.push(hookSignals({ host, flush: () => last.flush(), flushLines }));
  if (stdio) undo.push(hookStdinEnd(host, () => void last.flush()));
  return {
    conversationEnded: () => last.flushIfNew(),
    remove: () => {
      for (const step of undo.splice(0)) step();
    },
    finish: () => {
      host.removeListener('exit', onExit);
      unhookFatal();
    },
  };
}

/** How often a flush may put off the end of the event loop. Only hosts that start new work at every end come near this limit. */
const MAX_PUT_OFF = 3;

/** Tracks what was flushed, and so what an exit still has to do. */
class LastChance {
  readonly #options: ExitHookOptions;
  /** How much had been made when the last flush began. */
  #flushedAt = -1;
  #running = 0;
  #isFatal = false;
  #putOff = 0;
  /** The event loop has run out once, so this is a natural exit, whatever ends the process. */
  #isEnding = false;
  /** The latest flush did not finish in time. */
  #isStuck = false;

  constructor(options: ExitHookOptions) {
    this.#options = options;
  }

  async flush(): Promise<void> {
    this.#flushedAt = this.#options.made();
    this.#running += 1;
    this.#isStuck = !(await this.#options.flush());
    this.#running -= 1;
    if (this.#running === 0) this.#isFatal = false;
  }

  flushIfNew(): void {
    if (this.#options.made() !== this.#flushedAt) void this.flush();
  }

  /**
   * The first time, this flushes everything, including what the host's own listeners for this event, which run after ours, make
   * now.
   *
   * The flush starts the event loop again, so Node emits the event again, and the listeners make more. If that led to another
   * flush, a host that logs one line there would never end. So from the second time on, only what was made between two events
   * counts as new work; what listeners make is sent at `exit`, without the event loop.
   *
   * A listener that calls `process.exit()`, at once or after something it awaits (`exit-hook`, `close-with-grace`), leaves
   * everything to `exit`: a program that has ended by itself still gets its flush.
   */
  beforeExit(): void {
    const { made } = this.#options;
    const atBegin = made();
    this.#isEnding = true;
    const decide = (): void => {
      const isNewWork = this.#putOff === 0 ? made() !== this.#flushedAt : atBegin !== this.#flushedAt;
      if (!isNewWork || this.#putOff >= MAX_PUT_OFF) return;
      this.#putOff += 1;
      void this.flush();
    };
    // This runs after the listeners, and after anything they await that needs no event loop.
    queueMicrotask(() => process.nextTick(decide));
  }

  onFatal(survives: boolean): void {
    this.#isFatal = true;
    // Hosts that catch everything often end the process next, by process.exit(); until this flush is over, that counts as fatal.
    if (survives) void this.flush();
    else if (!this.#options.exitFollowsFatal) this.#options.flushNow();
  }

  onExit(): void {
    const isOrderly = this.#isEnding && !this.#isStuck;
    if (!this.#isFatal && !isOrderly && !this.#options.flushOnProcessExit) return;
    // A finished flush has done all it could: whatever it left behind, the receiver refused or did not answer.
    const isDone = this.#running === 0 && this.#options.made() === this.#flushedAt;
    if (!isDone) this.#options.flushNow();
  }
}

function hookStdinEnd({ stdin }: HostProcess, flush: () => void): () => void {
  stdin.once('end', flush);
  return () => stdin.removeListener('end', flush);
}
