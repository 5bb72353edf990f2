import type { Lab } from './lab.js';

/** Yes, partly, no, not applicable. */
export type Cell = 'Y' | 'P' | '-' | 'n.a.';

export interface Finding {
  readonly cell: Cell;
  /** What was seen, without ids and times: the same on every run. */
  readonly observed: string;
}

export interface Row {
  readonly title: string;
  /** When a cell is Y, P, - or n.a. */
  readonly rule: string;
  /** Test of ours that holds this in full; path from the root of the repository. */
  readonly test: string;
  /** Runs once on roads of its own choice, instead of once on each of the package's. */
  readonly once?: true;
  /** Runs after all others: it ends something of the whole process. */
  readonly last?: true;
  run(lab: Lab): Promise<Finding>;
}

export const notApplicable = (observed: string): Finding => ({ cell: 'n.a.', observed });

/** Y when every part holds, - when none does, else P. */
export function graded(parts: Readonly<Record<string, boolean>>): Finding {
  const held = Object.keys(parts).filter((part) => parts[part]);
  const missing = Object.keys(parts).filter((part) => parts[part] !== true);
  const observed = [held.length > 0 ? `yes: ${held.join(', ')}` : '', missing.length > 0 ? `no: ${missing.join(', ')}` : '']
    .filter((side) => side !== '')
    .join('; ');
  return { cell: missing.length === 0 ? 'Y' : held.length === 0 ? '-' : 'P', observed };
}

export const yesOrNo = (holds: boolean, observed: string): Finding => ({ cell: holds ? 'Y' : '-', observed });

const ORDER: readonly Cell[] = ['-', 'P', 'Y', 'n.a.'];

/** The lowest of several; `n.a.` only when all are. */
export function lowest(findings: readonly (readonly [string, Finding])[]): Finding {
  const cell = ORDER.find((each) => findings.some(([, finding]) => finding.cell === each)) ?? 'n.a.';
  const observations = new Set(findings.map(([, { observed }]) => observed));
  const observed =
    observations.size === 1
      ? [...observations].join('')
      : findings.map(([road, finding]) => `${road}: ${finding.cell}, ${finding.observed}`).join(' | ');
  return { cell, observed };
}
