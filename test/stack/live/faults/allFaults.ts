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
