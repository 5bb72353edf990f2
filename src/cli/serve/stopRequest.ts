/** Signals that ask a server to stop. A second one, sent by somebody who does not want to wait, ends the process at once. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Resolves when the process is told to stop. */
export function stopRequest(target: NodeJS.Process): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = (): void => {
      // Without our listener the next signal has its default effect.
      for (const signal of SIGNALS) target.removeListener(signal, onSignal);
      resolve();
    };
    for (const signal of SIGNALS) target.on(signal, onSignal);
  });
}
