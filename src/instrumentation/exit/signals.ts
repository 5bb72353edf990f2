import type { HostProcess } from './hostProcess.js';

/** Those that ask a process to end and whose default action ends it. SIGHUP: its terminal, or the session of its parent, is gone. */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
const SURVIVED_AFTER_MS = 1000;

export interface SignalHookOptions {
  readonly host: HostProcess;
  /** Bounded, never rejects. */
  readonly flush: () => Promise<unknown>;
  /** Writes log lines that wait for a slow reader; bounded. Node emits no `exit` for a process that a signal ends. */
  readonly flushLines: () => void;
}

/**
 * Flushes, then raises the signal again with our listener gone, so that the exit status is the signal's. When the host
 * listens too, ending is its business: then only flush. A second signal while flushing ends at once.
 *
 * Returns what removes the listeners.
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
  /** The kernel takes no signal that ends it to the first process of a container: that one lives on, and is to be flushed the next time too. */
  const listenAgain = (): void => {
    setTimeout(() => {
      if (!isHooked || host.listenerCount(signal) > 0) return;
      isEnding = false;
      host.prependListener(signal, onSignal);
    }, SURVIVED_AFTER_MS).unref();
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
  return () => {
    isHooked = false;
    host.removeListener(signal, onSignal);
  };
}
