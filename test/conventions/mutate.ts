import { argv, stdout } from 'node:process';
import { cells } from './cells/matrix.js';
import { attributeMutants } from './mutations/attributeMutants.js';
import { baselineOf, fateOf } from './mutations/kill.js';
import type { Baseline, Fate } from './mutations/kill.js';
import { metricMutants } from './mutations/metricMutants.js';
import { spanMutants } from './mutations/spanMutants.js';
import { registerGlobals, unregisterGlobals } from './telemetry/globals.js';
import { runCell, variantsOf } from './traffic/runCell.js';

/**
 * Breaks what was emitted, one defect at a time, and requires that a case which names the defect fails.
 *
 *     node --import ./tools/resolveSource.mjs test/conventions/mutate.ts [--everywhere]
 *
 * The traffic runs once per cell; each mutant rewrites what the exporters got, and one failing case is enough to kill it.
 * With `--everywhere`, all cells that would kill it are counted. Ends with 1 when a mutant survives.
 */
async function main(): Promise<number> {
  const everywhere = argv.includes('--everywhere');
  registerGlobals();
  const baselines: Baseline[] = [];
  for (const cell of cells) {
    for (const variant of variantsOf(cell)) baselines.push(baselineOf(await runCell(cell, variant)));
  }
  unregisterGlobals();
  const fates = [...attributeMutants, ...spanMutants, ...metricMutants].map((mutant) => fateOf(mutant, baselines, everywhere));
  for (const fate of fates) stdout.write(`${line(fate)}\n`);
  const survivors = fates.filter(survives);
  const idle = fates.filter(({ mutant, killedIn }) => killedIn.length === 0 && mutant.idle !== undefined);
  stdout.write(
    `\n${fates.length} mutants in ${baselines.length} recordings: ${fates.length - survivors.length - idle.length} killed, ${idle.length} with nothing to change, ${survivors.length} survived\n`,
  );
  return survivors.length === 0 ? 0 : 1;
}

function survives({ mutant, killedIn }: Fate): boolean {
  return killedIn.length === 0 && mutant.idle === undefined;
}

function line(fate: Fate): string {
  const { mutant, killedIn, example } = fate;
  if (survives(fate)) return `SURVIVED  ${mutant.name}: no case that names ${mutant.subject} fails`;
  if (example === undefined) return `idle      ${mutant.name}: ${mutant.idle ?? ''}`;
  const more = killedIn.length > 1 ? ` and ${killedIn.length - 1} more` : '';
  return `killed    ${mutant.name}: ${mutant.subject} of ${example} in ${killedIn[0] ?? ''}${more}`;
}

process.exitCode = await main();
