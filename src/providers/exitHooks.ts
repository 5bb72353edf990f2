import type { EventEmitter } from 'node:events';
import { isMainThread } from 'node:worker_threads';

type Listeners = Pick<EventEmitter, 'on' | 'once' | 'prependListener' | 'removeListener' | 'listenerCount'>;

/** The parts of a process that this file needs; the real one is `process`. */
export interface HostProcess extends Listeners {
  readonly pid: number;
  readonly stdin: Listeners;
  kill(pid: number, signal: NodeJS.Signals): unknown;
}

export interface ExitHookOptions {
  readonly host: HostProcess;
  /** stdin is the client's: its end is the end of the conversation. */
  readonly stdio: boolean;
  /** Bounded, never rejects. */
  readonly flush: () => Promise<void>;
  /** Writes log lines that wait for a slow reader; bounded. Node emits no `exit` for a process that a signal ends. */
  readonly flushLines: () => void;
  /** Grows with every span and log record made; tells whether there is anything new to send. */
  readonly made: () => number;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/**
 * Gets the last telemetry out however the process ends in an orderly way. Never changes how it ends.
 *
 * - SIGTERM, SIGINT: flush, then raise the signal again with our listener gone, so that the exit status is the signal's.
 *   When the host listens too, ending is its business: then only flush. A second signal while flushing ends at once.
 * - Natural end (`beforeExit`): flush once; again only if something was made meanwhile, else the process would never end.
 * - stdin end on stdio: flush, since clients close stdin first and may kill soon after.
 *
 * Returns what removes the listeners.
 */
export function installExitHooks({ host, stdio, flush, flushLines, made }: ExitHookOptions): () => void {
  let flushedAt = -1;
  const flushNow = (): Promise<void> => {
    flushedAt = made();
    return flush();
  };
  const onBeforeExit = (): void => {
    if (made() !== flushedAt) void flushNow();
  };
  host.on('beforeExit', onBeforeExit);
  const undo = [(): void => void host.removeListener('beforeExit', onBeforeExit)];

  // Workers get no signals, and raising one there would end the whole process.
  if (isMainThread) undo.push(...SIGNALS.map((signal) => hookSignal(host, signal, flushNow, flushLines)));
  if (stdio) undo.push(hookStdinEnd(host, () => void flushNow()));
  return () => {
    for (const step of undo.splice(0)) step();
  };
}

function hookSignal(host: HostProcess, signal: NodeJS.Signals, flush: () => Promise<void>, flushLines: () => void): () => void {
  let isEnding = false;
  const raiseAgain = (): void => {
    flushLines();
    host.removeListener(signal, onSignal);
    host.kill(host.pid, signal);
  };
  const onSignal = (): void => {
    if (isEnding) return raiseAgain();
    // Counted before the host's own listeners run (see prependListener): a `once` listener is gone after it ran.
    const hostListens = host.listenerCount(signal) > 1;
    if (hostListens) return void flush();
    isEnding = true;
    void flush().then(raiseAgain);
  };
  host.prependListener(signal, onSignal);
  return () => host.removeListener(signal, onSignal);
}

function hookStdinEnd({ stdin }: HostProcess, flush: () => void): () => void {
  stdin.once('end', flush);
  return () => stdin.removeListener('end', flush);
}
