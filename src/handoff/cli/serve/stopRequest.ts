/** Signals that ask a server to stop. A second one, from a user who does not want to wait, ends the process with calls still in flight. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

export type StopSignal = (typeof SIGNALS)[number];

/** Resolves with the signal when the process is asked to stop. */
export function stopRequest(target: NodeJS.Process): Promise<StopSignal> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      // Without our listener, the next signal is handled by the exit hooks of instrument(): they flush and raise it again.
      for (const each of SIGNALS) target.removeListener(each, onSignal);
      resolve(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
    };
    for (const signal of SIGNALS) target.on(signal, onSignal);
  });
}
