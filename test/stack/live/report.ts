import type { AlertRun } from './faults/runFault.js';
import type { QueryWatch } from './queries/queryWatch.js';

const seconds = (value: number | undefined): string => (value === undefined ? 'outlasts' : `${value.toFixed(1)} s`).padStart(8);

/** How many queries of each board returned data in both Prometheus. */
export function queryTable(watch: QueryWatch): string {
  const rows = watch
    .counts()
    .map(({ group, queries, answered }) => `${group.padEnd(20)} ${String(answered).padStart(4)} of ${String(queries).padStart(3)}`);
  return ['queries answered by both Prometheus', ...rows].join('\n');
}

/** Alert by alert: what caused it, who was told, how long it took to fire and to clear. */
export function alertTable(runs: readonly AlertRun[]): string {
  const rows = runs.map(({ alert, fault, told, secondsToFire, secondsToClear }) =>
    [alert.padEnd(34), told.padEnd(10), seconds(secondsToFire), seconds(secondsToClear), ` ${fault}`].join(' '),
  );
  return [`${'alert'.padEnd(34)} ${'told'.padEnd(10)} ${'to fire'.padStart(8)} ${'to clear'.padStart(8)}  fault`, ...rows].join('\n');
}
