import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

// Runs the stack at a pace that this machine can keep: what takes all of two slow cores would be late everywhere, and prove nothing.
// STACK_PACE=2 in the environment chooses one.

const start = promisify(execFile);
const PROCESSES = 16;
/** What runs beside it makes it slower, as it does the stack. */
const AT_ONCE = 2;
/** Twice what a fast machine takes, on which the stack needs half of both cores; in ms. */
const FAST_ENOUGH_MS = 60;
const SLOWEST = 4;

/** How long it takes to start a process, in ms, while another one starts. */
async function startMs(): Promise<number> {
  const beganMs = performance.now();
  for (let started = 0; started < PROCESSES; started += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => start(process.execPath, ['--eval', ''])));
  }
  return ((performance.now() - beganMs) * AT_ONCE) / PROCESSES;
}

/** The next power of two, so that the divided times stay round. */
function paceFor(ms: number): number {
  return Math.min(SLOWEST, 2 ** Math.max(0, Math.ceil(Math.log2(ms / FAST_ENOUGH_MS))));
}

if (process.env['STACK_PACE'] === undefined) {
  const ms = await startMs();
  process.env['STACK_PACE'] = String(paceFor(ms));
  process.stdout.write(
    `A process starts in ${ms.toFixed(0)} ms: everything takes ${process.env['STACK_PACE']} times as long as it could.\n`,
  );
}
await import('./main.js');
