import { analyticsProofs } from './cases/analytics.js';
import { backEndProofs } from './cases/backEnds.js';
import { collectorProofs } from './cases/collector.js';
import { databaseProofs } from './cases/databases.js';
import { healthProofs } from './cases/health.js';
import { jobProofs } from './cases/jobs.js';
import { lifecycleProofs } from './cases/lifecycle.js';
import { protectionProofs } from './cases/protection.js';
import { runtimeProofs } from './cases/runtime.js';
import { shedProofs } from './cases/shed.js';
import { serviceLevelProofs } from './cases/serviceLevels.js';
import { serviceProofs } from './cases/services.js';
import { telemetryProofs } from './cases/telemetry.js';
import { thresholdProofs } from './cases/thresholds.js';
import type { Proof } from './harness/proof.js';

/** All proofs; an alert may have several. */
export const proofs: readonly Proof[] = [
  ...serviceLevelProofs,
  ...serviceProofs,
  ...lifecycleProofs,
  ...jobProofs,
  ...analyticsProofs,
  ...healthProofs,
  ...protectionProofs,
  ...shedProofs,
  ...thresholdProofs,
  ...databaseProofs,
  ...runtimeProofs,
  ...telemetryProofs,
  ...collectorProofs,
  ...backEndProofs,
];

export const proofsOf = (alert: string): Proof[] => proofs.filter((proof) => proof.alert === alert);
