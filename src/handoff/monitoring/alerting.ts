import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type * as Cockatiel from 'cockatiel';
import type { Meter } from '@opentelemetry/api';
import type { Log } from '../../telemetry/log.js';
import type { Clock } from '../../time/clock.js';
import { isOverWithin } from '../../time/within.js';
import { Notifier } from '../notification/notifier.js';
import type { AlertTargets } from '../notification/notifier.js';
import type { ErrorAlert } from '../resilience/errors/alerts.js';
import type { Cache } from '../storage/cache.js';
import type { Database } from '../storage/database.js';
import { AlertReports } from './alerts/alertReports.js';
import { AlertWatch } from './alerts/alertWatch.js';
import { errorNotice } from './alerts/notices.js';
import { SharedAlerts } from './alerts/sharedAlerts.js';
import { SystemEvents } from './events/systemEvents.js';
import type { HealthReport } from './health/report.js';
import type { Interval } from './measurements/recorder.js';
import { loadSketches } from './measurements/sketch.js';
import { findCollector } from './memory/collectGarbage.js';
import { activeResources, memorySnapshot } from './memory/memorySnapshot.js';
import { MemoryWatch } from './memory/memoryWatch.js';
import { figuresOf } from './thresholds/figures.js';
import type { Figures } from './thresholds/figures.js';
import { thresholdOf } from './thresholds/thresholds.js';
import type { AlertThresholds, ThresholdSettings } from './thresholds/thresholds.js';

/** From when on somebody should know, and who. All of it has defaults, and can be changed while the services run. */
export interface AlertConfig {
  readonly alertThresholds?: AlertThresholds;
  /** For how long a figure must be beyond its threshold, or below it again, in milliseconds. Default 60,000. */
  readonly alertHoldMs?: number;
  /** Share of its threshold that a figure must be below before the alert is cleared, in percent, 1 to 100. Default 90. */
  readonly alertClearPercent?: number;
  /** Who is told besides the log. Default: nobody. */
  readonly alertTargets?: AlertTargets;
  /** Whether a garbage collection is run when memory is beyond its threshold. Default true. */
  readonly memoryCollection?: boolean;
  /** Least time from one such collection and report to the next, in milliseconds. Default 900,000. */
  readonly memoryCollectionInterval?: number;
}

export interface AlertingOptions {
  readonly database: Database;
  readonly cache: Cache;
  readonly log: Log;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly loadCockatiel: () => Promise<typeof Cockatiel>;
  readonly serviceName: string;
  /** As it is at the moment. */
  readonly config: () => AlertConfig;
  readonly health: () => HealthReport;
  readonly healthIntervalMs: () => number;
  readonly metricsIntervalMs: () => number;
  /** Sizes of further parts, for the memory report. */
  readonly memoryParts: () => Readonly<Record<string, number>>;
}

export interface Alerting {
  /** Looks at what the interval that has just ended came to. Never rejects. */
  onInterval(interval: Interval | undefined): Promise<void>;
  /** The configuration has changed. */
  configure(): void;
  /** Tells people of an error. Resolves when they were told, or after some seconds, while it goes on trying. Never rejects. */
  tellError(alert: ErrorAlert): Promise<void>;
  readonly events: SystemEvents;
  stop(): Promise<void>;
}

const DEFAULT_COLLECTION_INTERVAL_MS = 900_000;
const STALE_INTERVALS = 3;
const LAST_WORD_MS = 1500;
/** Less than whoever reports errors waits. */
const ERROR_WAIT_MS = 8000;

/** Joins thresholds, the other servers, people and memory. Starts nothing. */
export function createAlerting(options: AlertingOptions): Alerting {
  const { database, cache, log, meter, clock, loadCockatiel, serviceName } = options;
  const teller = { service: serviceName, server: `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}` };
  const reports = new AlertReports(log, meter, clock);
  const events = new SystemEvents(database, clock, teller.server);
  const onDelivery: AlertReports['delivery'] = (target, delivery, error) => reports.delivery(target, delivery, error);
  const notifier = new Notifier(options.config().alertTargets ?? {}, {
    clock,
    loadCockatiel,
    onDelivery: (target, delivery, error) => onDelivery(target, delivery, error),
  });
  const shared = new SharedAlerts({ database, clock, server: teller.server, onAlone: (error) => reports.alone(error) });
  const settings = (): ThresholdSettings => thresholdSettings(options.config());
  const watch = new AlertWatch({ shared, notifier, reports, events, clock, teller, host: hostname(), settings });
  const hide = reports.show((name) => watch.isRaised(name));
  const memory = new MemoryWatch({
    log,
    meter,
    clock,
    measure: memorySnapshot,
    resources: activeResources,
    parts: () => ({
      ...poolParts(database),
      ...cacheParts(cache),
      eventsWaiting: events.waiting,
      noticesKept: notifier.waiting,
      ...options.memoryParts(),
    }),
    findCollector,
  });
  const lookAtMemory = (figures: Figures): void => {
    const { memoryCollection = true, memoryCollectionInterval = DEFAULT_COLLECTION_INTERVAL_MS } = options.config();
    const busy = thresholdOf('event_loop', settings());
    memory.look({
      usedPercent: figures.memory?.value,
      thresholdPercent: thresholdOf('memory', settings())?.raiseAt,
      isThreadBusy: busy !== undefined && (figures.event_loop?.value ?? 0) >= busy.raiseAt,
      mayCollect: memoryCollection,
      intervalMs: memoryCollectionInterval,
    });
  };
  const evaluate = async (interval: Interval | undefined): Promise<void> => {
    // Rejects where the package is missing, which is told by those who keep measurements.
    const makeSketch = await loadSketches().catch(() => undefined);
    const maxAgeMs = STALE_INTERVALS * options.healthIntervalMs();
    const figures = figuresOf({ interval, makeSketch, report: options.health(), maxAgeMs });
    lookAtMemory(figures);
    await watch.evaluate(figures, options.metricsIntervalMs());
  };
  let last: Promise<void> = Promise.resolve();
  return {
    // One after the other: intervals may be shorter than the database takes to answer.
    onInterval: (interval) => (last = last.then(() => evaluate(interval)).catch(() => undefined)),
    configure: () => notifier.configure(options.config().alertTargets ?? {}),
    tellError: async (alert) => {
      const notice = errorNotice(alert, teller);
      await isOverWithin(ERROR_WAIT_MS, notifier.told(`error ${notice.name}`, notice));
    },
    events,
    stop: async () => {
      await isOverWithin(
        LAST_WORD_MS,
        last.then(() => watch.stop()),
      );
      hide();
      await Promise.all([notifier.stop(LAST_WORD_MS), isOverWithin(LAST_WORD_MS, events.flush())]);
    },
  };
}

function thresholdSettings({ alertThresholds, alertHoldMs, alertClearPercent }: AlertConfig): ThresholdSettings {
  return { thresholds: alertThresholds, holdMs: alertHoldMs, clearPercent: alertClearPercent };
}

function poolParts({ pool }: Database): Readonly<Record<string, number>> {
  return { poolConnections: pool.totalCount, poolIdleConnections: pool.idleCount, poolWaitingCalls: pool.waitingCount };
}

function cacheParts(cache: Cache): Readonly<Record<string, number>> {
  const size = cache.size?.();
  return size === undefined ? {} : { cacheEntries: size.entries, cacheBytes: size.bytes };
}
