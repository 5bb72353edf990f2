import type { Clock } from '../../../time/clock.js';

/** A file is small and looked at seldom; notices of the system miss what is replaced through a symbolic link, as Kubernetes does. */
const LOOK_MS = 5000;

/**
 * Calls `onChange` whenever the text of a file differs from the last one, until `signal` is aborted. A file that cannot be read counts as
 * one with another text, once. Never rejects, and does not keep the process alive.
 *
 * @param known the text that is in effect; it must not reject
 */
export async function watchFile(
  known: Promise<string | undefined>,
  read: () => Promise<string>,
  clock: Pick<Clock, 'sleep'>,
  signal: AbortSignal,
  onChange: () => Promise<unknown>,
): Promise<void> {
  const look = (): Promise<string | undefined> => read().catch(() => undefined);
  let last = await known;
  while (!signal.aborted) {
    await clock.sleep(LOOK_MS, { signal, unref: true }).catch(() => undefined);
    if (signal.aborted) return;
    const now = await look();
    if (now === last) continue;
    last = now;
    await onChange();
  }
}
