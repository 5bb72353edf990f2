import { spawn } from 'node:child_process';
import { compare, isEqual } from './ledger.mjs';

// What the checks have in common: how they run, wait, end and say what is wrong.

const POLL_MS = 200;
/** The receiver of the collector's own metrics ends before the last of them are sent; see README.md. */
const LAST_REPORT = /^Error: failed to shutdown service after error: failed to shutdown meter provider: failed to upload metrics: /;

export const print = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

/**
 * Runs a command to completion.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
export async function run(command, args, env = {}) {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  if (status !== 0) throw new Error(`\`${[command, ...args].join(' ')}\` ended with ${status}.`);
}

/**
 * Prints the numbers made and written per signal and throws unless they are equal.
 * @param {import('./ledger.mjs').Ledger} ledger
 * @param {import('./exported.mjs').Exported} exported
 */
export function expectEqual(ledger, exported) {
  const comparisons = compare(ledger, exported);
  for (const { signal, made, written } of comparisons)
    print(`  ${signal.padEnd(13)} made ${String(made).padStart(6)}   written ${String(written).padStart(6)}`);
  const unequal = comparisons.filter((comparison) => !isEqual(comparison));
  if (unequal.length === 0) return;
  const some = (/** @type {string[]} */ keys) => keys.slice(0, 3).join('; ') || 'none named';
  throw new Error(
    unequal
      .map(
        ({ signal, missing, extra }) =>
          `${signal}: ${missing.length} missing (${some(missing)}), ${extra.length} unexpected (${some(extra)})`,
      )
      .join('\n'),
  );
}

/**
 * Stops a collector, which must end as it should: with 0, or with 1 because of its last report alone.
 * @param {import('./collector.mjs').Collector} collector
 */
export async function stopCleanly(collector) {
  const { code, lastLine } = await collector.stop();
  if (code === 0 || (code === 1 && LAST_REPORT.test(lastLine))) return;
  throw new Error(`The collector exited with ${code} on SIGTERM. Its last line: ${lastLine}`);
}

/**
 * Throws what is wrong, the first dozen of it.
 * @param {string[]} faults
 */
export function expectNone(faults) {
  if (faults.length > 0) throw new Error([`${faults.length} faults, the first of them:`, ...faults.slice(0, 12)].join('\n'));
}

/**
 * Looks again and again until nothing is wrong; throws what still is when the time is over.
 * @param {() => string[] | Promise<string[]>} faults
 * @param {number} timeoutMs
 */
export async function until(faults, timeoutMs) {
  const deadlineMs = performance.now() + timeoutMs;
  let found = await look(faults);
  while (found.length > 0 && performance.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    found = await look(faults);
  }
  expectNone(found);
}

/** @param {() => string[] | Promise<string[]>} faults */
async function look(faults) {
  try {
    return await faults();
  } catch (error) {
    // The last line of a file that is being written may be incomplete.
    if (error instanceof SyntaxError) return [error.message];
    throw error;
  }
}
