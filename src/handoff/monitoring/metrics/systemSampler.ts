import { totalmem } from 'node:os';
import type { Clock } from '../../../time/clock.js';
import type { Database } from '../../storage/database.js';
import type { HealthComponent } from '../../../telemetry/catalogue/health.js';
import type { MemoryUse } from '../health/checks/memory.js';
import type { Details } from '../health/finding.js';
import type { HealthReport } from '../health/report.js';
import { MAX_COUNTED, countSessions } from '../sql/countSessions.js';
import type { SessionCountsRow } from '../sql/countSessions.js';
import type { SystemMetrics } from '../types.js';
import { CpuMeter } from './cpuMeter.js';

export interface SystemSources {
  readonly database: Database;
  readonly clock: Clock;
  readonly memory: () => MemoryUse;
  /** Of this process so far, in microseconds. */
  readonly cpuMicros: () => number;
  /** What the checks of health have measured besides: nothing is measured twice. */
  readonly health: () => HealthReport;
}

type Sample = Omit<SystemMetrics, 'ageMs'>;

/** Samples what the process takes and holds, and keeps the last sample for callers who cannot wait. */
export class SystemSampler {
  readonly #sources: SystemSources;
  readonly #cpu: CpuMeter;
  #last: { readonly sample: Sample; readonly atMs: number } | undefined;

  constructor(sources: SystemSources) {
    this.#sources = sources;
    this.#cpu = new CpuMeter(sources.cpuMicros, sources.clock);
  }

  /** Never rejects: what cannot be measured is absent. */
  async take(): Promise<Sample> {
    const sessions = await this.#sessions();
    const sample: Sample = { ...this.#now(), cpu: { usage: this.#cpu.look() }, sessions };
    this.#last = { sample, atMs: this.#sources.clock.monotonicMs() };
    return sample;
  }

  /** Before the first sample, what can be measured at once. */
  latest(): SystemMetrics {
    if (this.#last === undefined) return { ...this.#now(), ageMs: 0, cpu: {}, sessions: {} };
    return { ...this.#last.sample, ageMs: this.#sources.clock.monotonicMs() - this.#last.atMs };
  }

  #now(): Omit<Sample, 'cpu' | 'sessions'> {
    const { clock, memory, database, health } = this.#sources;
    const { rssBytes: used, limitBytes: total = totalmem() } = memory();
    const { results } = health();
    const measured = (name: HealthComponent): Details => results.find((result) => result.name === name)?.details ?? {};
    const redis = results.find(({ name }) => name === 'redis');
    return {
      timestamp: new Date(clock.nowMs()),
      memory: { used, total, percentage: (100 * used) / total },
      database: { activeConnections: database.pool.totalCount - database.pool.idleCount },
      // Without Redis, and with a cache that cannot say, nothing is known about a connection.
      redis:
        redis === undefined || (redis.status === 'healthy' && redis.reason !== undefined) ? {} : { connected: redis.status === 'healthy' },
      disk: measured('disk'),
      eventLoop: measured('event_loop'),
    };
  }

  async #sessions(): Promise<SystemMetrics['sessions']> {
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
