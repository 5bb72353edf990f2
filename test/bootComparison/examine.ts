import type { Finding } from '../comparison/row.js';
import type { Bootstrap } from './bootstraps/bootstrap.js';
import { Lab } from './lab/lab.js';
import { rows } from './rows/sections.js';

/** Findings by the title of their row. */
export type Findings = Readonly<Record<string, Finding>>;

/** Every row on each package, two packages at a time. */
export async function examineAll(
  bootstraps: readonly Bootstrap[],
  built: string,
  progress: (line: string) => void,
  { wanted = '', verbose = false } = {},
): Promise<ReadonlyMap<string, Findings>> {
  const found = new Map<string, Findings>();
  const waiting = [...bootstraps];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const startMs = performance.now();
      const lab = new Lab(next, built);
      found.set(next.name, await examine(lab, wanted, verbose ? progress : () => undefined));
      lab.close();
      progress(`${next.title}: ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
    }
  };
  await Promise.all([work(), work()]);
  return found;
}

async function examine(lab: Lab, wanted: string, progress: (line: string) => void): Promise<Findings> {
  const found: Record<string, Finding> = {};
  for (const row of rows.filter(({ title }) => title.includes(wanted))) {
    const finding = await row.run(lab);
    found[row.title] = finding;
    progress(`${finding.cell.padEnd(4)} ${lab.bootstrap.title.padEnd(8)} ${row.title}: ${finding.observed}`);
  }
  return found;
}
