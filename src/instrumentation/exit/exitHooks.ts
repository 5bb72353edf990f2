import { isMainThread } from 'node:worker_threads';
import type { Logger } from '@opentelemetry/api';
import { hookFatalErrors } from './fatalErrors.js';
import type { HostProcess } from './hostProcess.js';
import { hookSignals } from './signals.js';

export interface ExitHookOptions {
  readonly host: HostProcess;
  /** stdin is the client's: its end is the end of the conversation. */
  readonly stdio: boolean;
  /** Bounded, never rejects. Resolves with `false` when the bound ended it. */
  readonly flush: () => Promise<boolean>;
  /** The same without the event loop: holds the process, bounded, never throws. */
  readonly flushNow: () => void;
  /** `flushNow` also when the host calls `process.exit()`. */
  readonly flushOnProcessExit: boolean;
  /** Writes log lines that wait for a slow reader; bounded. Node emits no `exit` for a process that a signal ends. */
  readonly flushLines: () => void;
  /** Grows with every span and log record made; tells whether there is anything new to send. */
  readonly made: () => number;
  readonly logger: Logger;
  readonly captureErrorMessages: boolean;
}

export interface ExitHooks {
  /** The client of a stdio server has gone: flush, since the process may be killed soon. */
  readonly conversationEnded: () => void;
  /** Removes all listeners but those of the very end. */
  readonly remove: () => void;
  /** Removes those too, when there is nothing left to send. */
  readonly finish: () => void;
}

/**
 * Gets the last telemetry out however the process ends in an orderly way. Never changes how it ends.
 *
 * - SIGTERM, SIGINT, SIGHUP: see `hookSignals`.
 * - Natural end (`beforeExit`): see `LastChance.beforeExit`.
 * - stdin end on stdio, and the close of an MCP transport over pipes: flush, since clients close stdin first and may
 *   kill soon after.
 * - Errors nobody caught: send what is left while the process ends, see `hookFatalErrors` and `createLastFlush`.
 * - `process.exit()`: the same, when asked for.
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

/** Ends of the event loop that may be put off by a flush. Only hosts that start new work at every end come near it. */
const MAX_PUT_OFF = 3;

/** Knows what was flushed, and so what an exit still has to do. */
class LastChance {
  readonly #options: ExitHookOptions;
  /** What had been made when the last flush began. */
  #flushedAt = -1;
  #running = 0;
  #isFatal = false;
  #putOff = 0;
  /** The event loop has run out once, so that the end is a natural one, whoever brings it about. */
  #isEnding = false;
  /** The latest flush was not over in time. */
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
   * The first time: flush what there is, also what the host's own listeners of this event make now, which run after us.
   *
   * The flush starts the event loop again, so Node emits the event again, and the listeners make more. If that led to
   * another flush, a host that logs one line there would never end. So from the second time on only what came up between
   * two events counts, which is new work; what listeners make is sent at `exit`, without the event loop.
   *
   * A listener that calls `process.exit()`, at once or when what it awaits is over (`exit-hook`, `close-with-grace`), leaves
   * everything to `exit`: it takes no flush away from a program that has ended by itself.
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
    // After the listeners, and what they await that needs no event loop.
    queueMicrotask(() => process.nextTick(decide));
  }

  onFatal(survives: boolean): void {
    this.#isFatal = true;
    // Hosts that catch everything often end the process next, by process.exit(); until this flush is over that counts as fatal.
    if (survives) void this.flush();
  }

  onExit(): void {
    const isOrderly = this.#isEnding && !this.#isStuck;
    if (!this.#isFatal && !isOrderly && !this.#options.flushOnProcessExit) return;
    // A flush that is over has done what could be done: whatever it left behind, the receiver did not want or did not answer.
    const isDone = this.#running === 0 && this.#options.made() === this.#flushedAt;
    if (!isDone) this.#options.flushNow();
  }
}

function hookStdinEnd({ stdin }: HostProcess, flush: () => void): () => void {
  stdin.once('end', flush);
  return () => stdin.removeListener('end', flush);
}
