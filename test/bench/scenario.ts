import type { Lab } from './lab.js';

/** One thing that is measured. */
export interface Scenario {
  /** As given on the command line. */
  readonly name: string;
  readonly summary: string;
  run(lab: Lab): Promise<Section>;
}

/** What a scenario reports, as a section of docs/comparisons/benchmarks.md. */
export interface Section {
  readonly title: string;
  /** How it was measured: enough to do it again. */
  readonly method: string;
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
}

export interface Table {
  readonly caption?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly reached: string;
  readonly met: boolean;
}
