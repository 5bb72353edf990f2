import { Lab } from './lab.js';
import { lowest } from './row.js';
import type { Finding, Row } from './row.js';
import { rows } from './rows/rows.js';
import type { Road, Subject } from './subject.js';

/** Findings by the title of their row. */
export type Findings = Readonly<Record<string, Finding>>;

/** Every row on one package, those that end something last. */
export async function examine(subject: Subject, progress: (title: string) => void = () => undefined): Promise<Findings> {
  const found: Record<string, Finding> = {};
  for (const row of rows.toSorted((one, other) => Number(one.last ?? false) - Number(other.last ?? false))) {
    progress(row.title);
    found[row.title] = await examineRow(subject, row);
  }
  return found;
}

async function examineRow(subject: Subject, row: Row): Promise<Finding> {
  const [first = 'v2'] = subject.roads;
  const roads: readonly Road[] = row.once === true ? [first] : subject.roads;
  const findings: [string, Finding][] = [];
  for (const road of roads) findings.push([road, await row.run(new Lab(subject, road))]);
  return lowest(findings);
}
