import type { Meter } from '@opentelemetry/api';
import type { Log } from '../../telemetry/log.js';
import type { Clock } from '../../time/clock.js';
import type { HealthComponent } from '../../telemetry/catalogue/health.js';
import type { ObjectStore } from '../archive/objects/objectStore.js';
import type { Jobs } from '../jobs/jobs.js';
import type { Cache } from '../storage/cache.js';
import type { Database } from '../storage/database.js';
import type { Degradations } from '../resilience/degradations.js';
import { allChecks } from './health/allChecks.js';
import { LoopMeter } from './health/checks/eventLoop.js';
import type { SweepLag } from './health/checks/sweeps.js';
import type { TelemetryStatus } from './health/checks/telemetry.js';
import { HealthRegistry } from './health/healthRegistry.js';
import { HealthReports } from './health/healthReports.js';
import { componentHealth, healthStatus } from './health/healthStatus.js';
import type { AgedResult, HealthReport } from './health/report.js';
import type { Recorder } from './measurements/recorder.js';
import { createHostMetrics } from './metrics/hostMetrics.js';
import { Sampling } from './metrics/sampling.js';
import type { MonitoringService } from './monitoringService.js';
import type { ComponentHealth } from './types.js';

/** All of it has defaults. */
export interface MonitoringConfig {
  /** From one look at a part that is healthy to the next, in milliseconds, 1000 or more; others are looked at every 5 s. Default 30,000. */
  readonly healthCheckInterval?: number;
  /** From one sample of what the process takes and measures to the next, in milliseconds, 1000 or more. Default 60,000. */
  readonly metricsCollectionInterval?: number;
  /** Longest wait for one check, in milliseconds. Default 2000. */
  readonly healthCheckTimeout?: number;
  /** Folder whose disk is watched: that of the embedded database or of the archive. Default: none. */
  readonly dataFolder?: string;
  /** Where telemetry goes: pass `status()` of `instrument()`. Default: nothing is known about it. */
  readonly telemetryStatus?: () => TelemetryStatus;
  /** Collects all metrics in the Prometheus text format, for `getPrometheusMetrics()`. Default: nothing is collected. */
  readonly collectMetrics?: () => Promise<string>;
}

export interface MonitoringDependencies {
  readonly database: Database;
  /** As it was given, so that probes do not count as operations of anybody. */
  readonly cache: Cache;
  readonly archive: ObjectStore | undefined;
  readonly jobs: Pick<Jobs, 'health'>;
  readonly readLag: () => Promise<SweepLag>;
  /** What calls do without. */
  readonly degradations: Pick<Degradations, 'list'>;
  /** Whether a circuit breaker refuses the statements of calls. */
  readonly isDatabaseLeftAlone: () => boolean;
  /** How many statements were refused since the last look because the disk of the database is full. */
  readonly takeSpaceRefusals: () => number;
  readonly log: Log;
  readonly meter: Meter;
  readonly clock: Clock;
  /** What is told of every operation, statement and use of the cache. */
  readonly recorder: Recorder;
  readonly config: MonitoringConfig;
}

/** The service, and what its servers need of it. */
export interface Monitoring extends MonitoringService {
  /** Begins to look at the parts and to take samples; nothing is looked at by itself before. */
  start(): void;
  /** Writes what was measured since the last interval, if the database answers within a second. */
  stop(): Promise<void>;
  /** What `getSystemHealth()` shows, as the checks keep it. */
  healthReport(): Promise<HealthReport>;
  /** Has `listener` told what the checks keep whenever that changes; the result removes it. */
  onHealth(listener: (report: HealthReport) => void): () => void;
}

/** These parts always have a check. */
function known(result: AgedResult | undefined): ComponentHealth {
  if (result === undefined) throw new TypeError('this part has no check');
  return componentHealth(result);
}

function atLeast(intervalMs: number): number {
  return Math.max(LEAST_INTERVAL_MS, intervalMs);
}

const RECHECK_MS = 5000;
const LEAST_INTERVAL_MS = 1000;

export function createMonitoring(deps: MonitoringDependencies): Monitoring {
  const { clock, config, meter } = deps;
  const loop = new LoopMeter();
  const reports = new HealthReports(deps.log, meter);
  const listeners = new Set<(report: HealthReport) => void>();
  const registry = new HealthRegistry({
    checks: allChecks({ ...deps, lookAtLoop: () => loop.look() }),
    clock,
    intervalMs: atLeast(config.healthCheckInterval ?? 30_000),
    recheckMs: RECHECK_MS,
    timeoutMs: config.healthCheckTimeout ?? 2000,
    onResult: (result) => {
      const report = registry.latest();
      reports.result(result, report.status);
      for (const listener of listeners) listener(report);
    },
  });
  const sampling = new Sampling({
    ...deps,
    health: () => registry.latest(),
    intervalMs: atLeast(config.metricsCollectionInterval ?? 60_000),
    collectMetrics: config.collectMetrics,
  });
  return {
    ...createHostMetrics(meter, deps.recorder),
    getSystemHealth: async () => {
      const report = await registry.report();
      const part = (name: HealthComponent): ComponentHealth => known(report.results.find((result) => result.name === name));
      return healthStatus({
        report,
        database: part('database'),
        redis: part('redis'),
        nowMs: clock.nowMs(),
        uptimeMs: process.uptime() * 1000,
      });
    },
    checkDatabaseHealth: async () => known(await registry.check('database')),
    checkRedisHealth: async () => known(await registry.check('redis')),
    getPrometheusMetrics: () => sampling.prometheusText(),
    getSystemMetrics: () => sampling.systemMetrics(),
    start: () => {
      loop.start();
      registry.start();
      sampling.start();
    },
    stop: async () => {
      registry.stop();
      loop.stop();
      await sampling.stop();
    },
    healthReport: () => registry.report(),
    onHealth: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
