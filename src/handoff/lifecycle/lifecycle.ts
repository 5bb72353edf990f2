import type { Meter } from '@opentelemetry/api';
import type { JobDefinition } from '../jobs/jobDefinition.js';
import { lifecycleMetrics } from '../../telemetry/catalogue/lifecycle.js';
import { createInstrument } from '../../telemetry/instruments.js';
import type { LifecycleDependencies } from './dependencies.js';
import { cacheOptimization } from './jobs/cacheOptimization.js';
import { dormantDetection } from './jobs/dormantDetection.js';
import { retentionEnforcement } from './jobs/retentionEnforcement.js';
import { sessionCleanup } from './jobs/sessionCleanup.js';
import type { RetentionPort } from './ports.js';
import { createSessionManager } from './sessionManager.js';
import type { SessionManagerService } from './sessionManager.js';
import { createLagWatch } from './sweeps/watchLag.js';
import type { LagWatch } from './sweeps/watchLag.js';
import { sweepAtStart } from './sweeps/atStart.js';
import { sweepCache } from './sweeps/cache.js';
import { sweepDormant } from './sweeps/dormant.js';
import { sweepExpired } from './sweeps/expire.js';
import { sweepIntegrity } from './sweeps/integrity.js';
import { sweepOrphans } from './sweeps/orphans.js';
import { sweepPurge } from './sweeps/purge.js';
import type { PurgeOutcome } from './sweeps/purge.js';
import type { Freed } from './cacheKeys.js';
import type { SweepLimits, SweepOutcome } from './sweeps/sweep.js';

/** Sweeps of what is due. Any number of processes may run any of them at once. */
export interface Sweeps {
  expired(limits?: SweepLimits): Promise<SweepOutcome>;
  dormant(limits?: SweepLimits): Promise<SweepOutcome>;
  purge(limits?: SweepLimits): Promise<PurgeOutcome>;
  orphans(limits?: SweepLimits): Promise<SweepOutcome>;
  integrity(limits?: SweepLimits): Promise<SweepOutcome>;
  cache(limits?: SweepLimits): Promise<SweepOutcome & Freed>;
}

/** What happens to sessions by time and by operators. */
export interface Lifecycle<Policy> extends SessionManagerService<Policy>, LagWatch {
  readonly sweeps: Sweeps;
  /** The four jobs of the contract, for a job engine. */
  readonly jobs: readonly JobDefinition[];
  /** Sweeps whatever is due, in the background of a start. Never rejects. */
  sweepAtStart(signal?: AbortSignal): Promise<void>;
}

export interface LifecycleOptions<Policy> extends Omit<LifecycleDependencies, 'record'> {
  readonly meter: Meter;
  readonly retention: RetentionPort<Policy> | undefined;
}

export function createLifecycle<Policy>({ meter, retention, ...options }: LifecycleOptions<Policy>): Lifecycle<Policy> {
  const deps: LifecycleDependencies = { ...options, record: recorders(meter) };
  return {
    ...createSessionManager(deps, retention),
    sweeps: {
      expired: (limits) => sweepExpired(deps, limits),
      dormant: (limits) => sweepDormant(deps, limits),
      purge: (limits) => sweepPurge(deps, limits),
      orphans: (limits) => sweepOrphans(deps, limits),
      integrity: (limits) => sweepIntegrity(deps, limits),
      cache: (limits) => sweepCache(deps, limits),
    },
    jobs: [sessionCleanup(deps), dormantDetection(deps), retentionEnforcement(deps, retention), cacheOptimization(deps)],
    sweepAtStart: (signal) => sweepAtStart(deps, signal),
    ...createLagWatch(deps),
  };
}

function recorders(meter: Meter): LifecycleDependencies['record'] {
  return {
    transitions: createInstrument(meter, lifecycleMetrics.transitions),
    sweepDuration: createInstrument(meter, lifecycleMetrics.sweepDuration),
    sweepBatch: createInstrument(meter, lifecycleMetrics.sweepBatch),
    sweepLag: createInstrument(meter, lifecycleMetrics.sweepLag),
    problems: createInstrument(meter, lifecycleMetrics.problems),
    cacheFreed: createInstrument(meter, lifecycleMetrics.cacheFreed),
  };
}
