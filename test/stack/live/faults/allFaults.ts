import { alertingFaults } from './alerting.js';
import { analyticsFaults } from './analytics.js';
import { failingCalls, hangingCalls } from './calls.js';
import { collectorFaults } from './collector.js';
import { databaseFaults } from './databases.js';
import type { Fault } from './fault.js';
import { frailFaults } from './frail.js';
import { growthFaults } from './growth.js';
import { httpFaults } from './http.js';
import { lifecycleFaults } from './lifecycle.js';
import { monitoringFaults } from './monitoring.js';
import { processFaults } from './process.js';
import { telemetryFaults } from './telemetry.js';

/**
 * Faults that are caused at the same time, but within a list one after the other: those of one list break the same thing. Those that are
 * to be alone come after all others.
 */
export const lanes: readonly (readonly Fault[])[] = [
  [...failingCalls, ...processFaults],
  [...hangingCalls, ...telemetryFaults],
  [...databaseFaults, ...monitoringFaults, ...lifecycleFaults, ...analyticsFaults, ...httpFaults, ...frailFaults],
  [...alertingFaults, ...collectorFaults],
  growthFaults,
];
