import type * as Cockatiel from 'cockatiel';
import type { Meter } from '@opentelemetry/api';
import type { Log } from '../../telemetry/log.js';
import type { AlertName } from '../../telemetry/catalogue/alerts.js';
import type { HealthComponent } from '../../telemetry/catalogue/health.js';
import { createAlerting } from './alerting.js';
import type { Alerting } from './alerting.js';
import type { LoopDelay } from '../resilience/admission/loopDelay.js';
import type { SystemEvents } from './events/systemEvents.js';
import { allChecks } from './health/allChecks.js';
import type { CheckSources } from './health/allChecks.js';
import { LoopMeter } from './health/checks/eventLoop.js';
import { HealthRegistry } from './health/healthRegistry.js';
import { HealthReports } from './health/healthReports.js';
import { componentHealth, healthStatus } from './health/healthStatus.js';
import type { AgedResult, HealthReport } from './health/report.js';
import type { Recorder } from './measurements/recorder.js';
import { createHostMetrics } from './metrics/hostMetrics.js';
import { Sampling } from './metrics/sampling.js';
import { LiveConfig } from './monitoringConfig.js';
import type { MonitoringChange, MonitoringConfig } from './monitoringConfig.js';
import { raisingFigures } from './thresholds/thresholds.js';
import type { MonitoringService } from './monitoringService.js';
import type { ComponentHealth } from './types.js';

export interface MonitoringDependencies extends CheckSources {
  readonly log: Log;
  readonly meter: Meter;
  /** What is told of every operation, statement and use of the cache. */
  readonly recorder: Recorder;
  /** The library that repeats what failed; alerts use it. */
  readonly loadCockatiel: () => Promise<typeof Cockatiel>;
  /** What watches the event loop already. Default: a watch of its own. */
  readonly loop: LoopDelay | undefined;
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
  /** Has `listener` told what the checks keep whenever that changes, once every part was looked at; the result removes it. */
  onHealth(listener: (report: HealthReport) => void): () => void;
  /** Takes other values from now on, for what is given. A new interval begins at once. */
  reconfigure(change: MonitoringChange): void;
  /** At which figure each alert is raised, as it is configured at the moment; absent where it is switched off. */
  thresholds(): Readonly<Partial<Record<AlertName, number>>>;
  /** Tells those whom alerts are told of an error. Never rejects. */
  tellError: Alerting['tellError'];
  /** Keeps what happens to the servers, in `system_events`. */
  readonly events: Pick<SystemEvents, 'record'>;
}

/** These parts always have a check. */
function known(result: AgedResult | undefined): ComponentHealth {
  if (result === undefined) throw new TypeError('this part has no check');
  return componentHealth(result);
}

const RECHECK_MS = 5000;

interface Parts {
  readonly live: LiveConfig;
  readonly loop: LoopMeter;
  readonly registry: HealthRegistry;
  readonly alerting: Alerting;
  readonly sampling: Sampling;
  readonly listeners: Set<(report: HealthReport) => void>;
}

function createParts(deps: MonitoringDependencies): Parts {
  const { clock, meter } = deps;
  const live = new LiveConfig(deps.config);
  const loop = new LoopMeter(deps.loop);
  const reports = new HealthReports(deps.log, meter);
  const listeners: Parts['listeners'] = new Set();
  const registry = new HealthRegistry({
    checks: allChecks(deps, deps.config, () => loop.look()),
    clock,
    get intervalMs() {
      return live.healthIntervalMs;
    },
    recheckMs: RECHECK_MS,
    timeoutMs: deps.config.healthCheckTimeout ?? 2000,
    onResult: (result) => {
      const report = registry.isComplete ? registry.latest() : undefined;
      reports.result(result, report?.status);
      if (report !== undefined) for (const listener of listeners) listener(report);
    },
  });
  deps.suspicions.listen((part) => registry.suspect(part));
  const alerting = createAlerting({
    ...deps,
    serviceName: deps.config.serviceName ?? 'handoff',
    config: () => live.value,
    health: () => registry.latest(),
    healthIntervalMs: () => live.healthIntervalMs,
    metricsIntervalMs: () => live.metricsIntervalMs,
    memoryParts: () => ({ measurementBatches: sampling.waiting, ...deps.config.memoryParts?.() }),
  });
  const sampling = new Sampling({
    ...deps,
    health: () => registry.latest(),
    get intervalMs() {
      return live.metricsIntervalMs;
    },
    collectMetrics: deps.config.collectMetrics,
    onInterval: (interval) => alerting.onInterval(interval),
  });
  return { live, loop, registry, alerting, sampling, listeners };
}

export function createMonitoring(deps: MonitoringDependencies): Monitoring {
  const { live, loop, registry, alerting, sampling, listeners } = createParts(deps);
  const { clock, meter } = deps;
  let isStarted = false;
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
      isStarted = true;
      loop.start();
      registry.start();
      sampling.start();
    },
    stop: async () => {
      isStarted = false;
      registry.stop();
      loop.stop();
      await Promise.all([sampling.stop(), alerting.stop()]);
    },
    healthReport: () => registry.report(),
    onHealth: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reconfigure: (change) => {
      const { health, metrics } = live.change(change);
      alerting.configure();
      if (isStarted && health) {
        registry.stop();
        registry.start();
      }
      if (metrics) sampling.restart();
    },
    thresholds: () => raisingFigures(live.value),
    tellError: (alert) => alerting.tellError(alert),
    events: alerting.events,
  };
}
