import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

export const STALL_MS = 1300;
const PAUSE_MS = 1700;

/** For NODE_OPTIONS of the server: a signal that means nothing else to it keeps its main thread busy. */
export const STALLING = `--import=data:text/javascript,${encodeURIComponent(
  `process.on('SIGWINCH', () => { const until = performance.now() + ${STALL_MS}; while (performance.now() < until); });`,
)}`;

/**
 * Stalls the main thread of a server again and again for as long as the signal is not aborted. Resolves with how often, once the last
 * stall is over: what is measured next is without one.
 */
export async function stallAgainAndAgain(child: ChildProcess, signal: AbortSignal): Promise<number> {
  let stalls = 0;
  while (!signal.aborted) {
    child.kill('SIGWINCH');
    stalls += 1;
    await wait(STALL_MS);
    await wait(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  return stalls;
}
