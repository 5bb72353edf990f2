import type { Finding } from '../comparison/row.js';
import type { Lab } from './lab/lab.js';

export interface Row {
  readonly title: string;
  /** When a cell is Y, P, - or n.a. */
  readonly rule: string;
  /** Test of ours that holds this in full; path from the root of the repository. */
  readonly test: string;
  run(lab: Lab): Promise<Finding>;
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}
