import type { HostProcess } from './hostProcess.js';
import { signalExitListeners } from './signalExit.js';

/** Signals that ask a process to end and whose default action ends it. SIGHUP means that its terminal, or its parent's session, is gone. */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const SURVIVED_AFTER_MS = 1000;

export interface SignalHookOptions {
  readonly host: HostProcess;
  /** Bounded; never rejects. */
  readonly flush: () => Promise<unknown>;
  /** Writes log lines that wait for a slow reader; bounded. Node emits no `exit` for a process that is ended by a signal. */
  readonly flushLines: () => void;
}

/**
 * Flushes, then raises the signal again without our listener, so that the exit status is the signal's. When the host listens
 * too, it decides when to end, and this only flushes; listeners of `signal-exit` decide nothing, see there, so they get the signal
 * again when ours is gone. A second signal while flushing ends the process at once.
 *
 * Returns a function that removes the listeners.
 */
export function hookSignals(options: SignalHookOptions): () => void {
  const undo = SIGNALS.map((signal) => hookSignal(signal, options));
  return () => {
    for (const step of undo) step();
  };
}

function hookSignal(signal: NodeJS.Signals, { host, flush, flushLines }: SignalHookOptions): () => void {
  let isEnding = false;
  let isHooked = true;
  const raiseAgain = (): void => {
    flushLines();
    host.removeListener(signal, onSignal);
    host.kill(host.pid, signal);
    listenAgain();
  };
  /** The kernel does not let a signal end the first process of a container: that process lives on, and must flush the next time too. */
  const listenAgain = (): void => {
    setTimeout(() => {
      if (!isHooked || host.listenerCount(signal) > 0) return;
      isEnding = false;
      host.prependListener(signal, onSignal);
    }, SURVIVED_AFTER_MS).unref();
  };
  const onSignal = (): void => {
    if (isEnding) return raiseAgain();
    // Counted before the host's own listeners run (see prependListener): a `once` listener is gone after it has run.
    const hostListens = host.listenerCount(signal) > 1 + signalExitListeners(host, globalThis);
    if (hostListens) return void flush();
    isEnding = true;
    void flush().then(raiseAgain);
  };
  host.prependListener(signal, onSignal);
  return () => {
    isHooked = false;
    host.removeListener(signal, onSignal);
  };
}
