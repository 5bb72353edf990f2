import { alertingFaults } from './alerting.js';
import { callFaults } from './calls.js';
import { collectorFaults } from './collector.js';
import { databaseFaults } from './databases.js';
import type { Fault } from './fault.js';
import { httpFaults } from './http.js';
import { processFaults } from './process.js';
import { telemetryFaults } from './telemetry.js';

/** In this order: what takes longest to clear comes first, what makes all telemetry stop comes last. */
export const faults: readonly Fault[] = [
  ...callFaults,
  ...databaseFaults,
  ...httpFaults,
  ...processFaults,
  ...telemetryFaults,
  ...alertingFaults,
  ...collectorFaults,
];

/** Alerts that no fault here raises, with the reason. */
export const notProvoked: Readonly<Record<string, string>> = {
  SeriesGrowFast: 'it compares with a day ago, which is 14 minutes here, and needs 20,000 series',
  HeapGrows: 'it compares the heap with six hours ago, which is longer than the processes live here, and needs 512 MiB',
};
