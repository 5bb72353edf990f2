import { totalmem } from 'node:os';
import type { Clock } from '../../../time/clock.js';
import type { Database } from '../../storage/database.js';
import type { HealthComponent } from '../../../telemetry/catalogue/health.js';
import type { MemoryUse } from '../health/checks/memory.js';
import type { Details } from '../health/finding.js';
import type { HealthReport } from '../health/report.js';
import type { Interval, Totals } from '../measurements/recorder.js';
import { MAX_COUNTED, countSessions } from '../sql/countSessions.js';
import type { SessionCountsRow } from '../sql/countSessions.js';
import type { StatementTime, SystemMetrics } from '../types.js';
import { CpuMeter } from './cpuMeter.js';

export interface SystemSources {
  readonly database: Database;
  readonly clock: Clock;
  readonly memory: () => MemoryUse;
  /** Of this process so far, in microseconds. */
  readonly cpuMicros: () => number;
  /** What the checks of health have measured besides: nothing is measured twice. */
  readonly health: () => HealthReport;
  /** Runs of statements so far, and the interval that ended last. */
  readonly statements: () => Totals;
  readonly lastInterval: () => Interval | undefined;
}

/** The name under which reads of the cache are recorded. */
const CACHE_READ = 'cache.get';

/** Longest wait for a count of the sessions. */
const COUNT_MS = 5000;

type Sample = Omit<SystemMetrics, 'ageMs'>;

/** Samples what the process takes and holds, and keeps the last sample for callers who cannot wait. */
export class SystemSampler {
  readonly #sources: SystemSources;
  readonly #cpu: CpuMeter;
  #last: { readonly sample: Sample; readonly atMs: number } | undefined;
  #sessions: SystemMetrics['sessions'] = {};
  #counting: Promise<void> | undefined;

  constructor(sources: SystemSources) {
    this.#sources = sources;
    this.#cpu = new CpuMeter(sources.cpuMicros, sources.clock);
  }

  /** Takes what can be measured at once; sessions are as last counted. */
  take(): Sample {
    const sample: Sample = { ...this.#now(), cpu: { usage: this.#cpu.look() }, sessions: this.#sessions };
    this.#last = { sample, atMs: this.#sources.clock.monotonicMs() };
    return sample;
  }

  /**
   * Counts the sessions, also into the last sample; they are absent if they cannot be counted in time. Never rejects. A count that hangs
   * goes on, and no second one begins beside it.
   */
  async countSessions(): Promise<SystemMetrics['sessions']> {
    const { clock } = this.#sources;
    const waiting = new AbortController();
    const late = clock.sleep(COUNT_MS, { signal: waiting.signal, unref: true }).then(
      () => this.#keepSessions({}),
      () => undefined,
    );
    this.#counting ??= this.#count().then((sessions) => {
      this.#counting = undefined;
      this.#keepSessions(sessions);
    });
    await Promise.race([this.#counting, late]);
    waiting.abort(new Error('no longer needed'));
    return this.#sessions;
  }

  #keepSessions(sessions: SystemMetrics['sessions']): void {
    this.#sessions = sessions;
    if (this.#last !== undefined) this.#last = { ...this.#last, sample: { ...this.#last.sample, sessions } };
  }

  /** Before the first sample, what can be measured at once. */
  latest(): SystemMetrics {
    if (this.#last === undefined) return { ...this.#now(), ageMs: 0, cpu: {}, sessions: {} };
    return { ...this.#last.sample, ageMs: this.#sources.clock.monotonicMs() - this.#last.atMs };
  }

  #now(): Omit<Sample, 'cpu' | 'sessions'> {
    const { clock, memory, database, health, statements, lastInterval } = this.#sources;
    const { rssBytes: used, limitBytes = totalmem() } = memory();
    const { results } = health();
    const measured = (name: HealthComponent): Details => results.find((result) => result.name === name)?.details ?? {};
    const total = statements();
    const interval = lastInterval();
    return {
      timestamp: new Date(clock.nowMs()),
      memory: { used, total: limitBytes, percentage: (100 * used) / limitBytes },
      database: {
        activeConnections: database.pool.totalCount - database.pool.idleCount,
        waitingCalls: database.pool.waitingCount,
        ...(total.count === 0 ? {} : { queryCount: total.count, avgResponseTime: total.sumMs / total.count }),
        ...slowest(interval),
      },
      cache: interval === undefined ? {} : cacheUse(interval),
      redis: redisUse(results.find(({ name }) => name === 'redis')),
      disk: measured('disk'),
      eventLoop: measured('event_loop'),
    };
  }

  async #count(): Promise<SystemMetrics['sessions']> {
    try {
      const [row] = await this.#sources.database.query<SessionCountsRow>(countSessions, [MAX_COUNTED]);
      if (row === undefined) return {};
      const isCounted = row.live <= MAX_COUNTED;
      return {
        ...(isCounted ? { active: row.live - row.dormant, dormant: row.dormant } : {}),
        ...(row.archived <= MAX_COUNTED ? { archived: row.archived } : {}),
      };
    } catch {
      return {};
    }
  }
}

/** Without Redis, and with a cache that cannot say, nothing is known about a connection. */
function redisUse(redis: HealthReport['results'][number] | undefined): SystemMetrics['redis'] {
  if (redis === undefined || (redis.status === 'healthy' && redis.reason !== undefined)) return {};
  const { keyCount, memoryBytes } = redis.details;
  return {
    // One that refuses writes answers, and is degraded.
    connected: redis.status !== 'unhealthy',
    ...(typeof memoryBytes === 'number' ? { memoryUsage: memoryBytes } : {}),
    ...(typeof keyCount === 'number' ? { keyCount } : {}),
  };
}

const MAX_SLOWEST = 5;

function slowest(interval: Interval | undefined): { readonly slowest?: readonly StatementTime[] } {
  const times = (interval?.summaries ?? [])
    .filter(({ subject }) => subject === 'statement')
    .toSorted((a, b) => b.sumMs - a.sumMs)
    .slice(0, MAX_SLOWEST)
    .map(({ name: statement, count, failures, sumMs: totalMs, p95Ms, maxMs }) => ({
      statement,
      count,
      failures,
      totalMs,
      meanMs: totalMs / count,
      p95Ms,
      maxMs,
    }));
  return times.length === 0 ? {} : { slowest: times };
}

function cacheUse({ summaries }: Interval): SystemMetrics['cache'] {
  const reads = summaries.find(({ subject, name }) => subject === 'cache' && name === CACHE_READ);
  if (reads === undefined) return {};
  const { hits = 0, misses = 0, sumMs, count } = reads;
  return { ...(hits + misses === 0 ? {} : { hitRatePercent: (100 * hits) / (hits + misses) }), meanReadMs: sumMs / count };
}
