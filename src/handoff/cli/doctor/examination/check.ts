import type { Examination } from './examination.js';
import type { Finding } from './finding.js';

/** The headings of the report, in this order. */
export const groups = [
  'program',
  'settings',
  'database',
  'data folder',
  'cache',
  'archive',
  'ports',
  'telemetry',
  'logs',
  'server',
] as const;
export type Group = (typeof groups)[number];

/** Looks at one thing that may be wrong. */
export interface Check {
  /** Scripts select results by it, so it never changes its meaning. */
  readonly name: string;
  readonly group: Group;
  /** Continues "looks whether", for docs/doctor.md. */
  readonly looksWhether: string;
  /** Longest time it may take, in milliseconds. A check that takes longer is a failure. */
  readonly limitMs: number;
  /** Variables of which each must be usable, or there is nothing to look at. */
  readonly needs?: readonly string[];
  /** Returns nothing where the set-up has no such part. Changes nothing, or removes what it has put. */
  run(examination: Examination): Promise<readonly Finding[]>;
}
