// Loaded at the first interval else, which takes real time, while the clock of these tests goes on.
import 'hdr-histogram-js';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import { Suspicions } from '../../../../src/handoff/monitoring/health/suspicions.js';
import { createMonitoring } from '../../../../src/handoff/monitoring/monitoring.js';
import type { Monitoring } from '../../../../src/handoff/monitoring/monitoring.js';
import type { MonitoringConfig } from '../../../../src/handoff/monitoring/monitoringConfig.js';
import { Recorder } from '../../../../src/handoff/monitoring/measurements/recorder.js';
import { Degradations } from '../../../../src/handoff/resilience/degradations.js';
import type { Cache } from '../../../../src/handoff/storage/cache.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import { Recording } from '../../telemetry/recording.js';

/** Monitoring of a server whose database answers what the test says. */
export class GivenMonitoring {
  readonly recording = new Recording();
  readonly clock = new FakeClock();
  readonly pool = { totalCount: 3, idleCount: 1, waitingCount: 0, options: { max: 10 } };
  /** The values of each statement that writes measurements. */
  readonly batches: unknown[][] = [];
  /** What the database answers, by statement. */
  readonly rows: Record<string, () => Promise<object[]>> = {
    handoff_write_measurements: async () => [],
    handoff_is_writable: async () => [{ writable: true }],
    handoff_unusable_tables: async () => [],
    handoff_migrations_present: async () => [{ present: false, encoding: 'UTF8' }],
    handoff_partition_horizon: async () => [{ days: 80 }],
    handoff_count_sessions: async () => [{ live: 5, dormant: 2, archived: 1_000_001 }],
  };
  cache = { kind: 'memory' } as Cache;
  #monitoring: Monitoring | undefined;

  /** The one that was created last. */
  get monitoring(): Monitoring {
    return this.#monitoring ?? this.create();
  }

  create(config: MonitoringConfig = {}): Monitoring {
    const { clock, recording } = this;
    this.#monitoring = createMonitoring({
      database: {
        kind: 'postgres',
        pool: this.pool,
        query: ({ name }: { name: string }, values: unknown[] = []) => {
          if (name === 'handoff_write_measurements') this.batches.push(values);
          return this.rows[name]?.() ?? Promise.reject(new Error(`${name} is not expected`));
        },
      } as unknown as Database,
      cache: this.cache,
      archive: undefined,
      jobs: { health: async () => ({ jobs: [] }) },
      readLag: async () => ({ expire: 0, dormant: 0 }),
      degradations: new Degradations(clock),
      isDatabaseLeftAlone: () => false,
      suspicions: new Suspicions(() => clock.monotonicMs()),
      log: recording.log,
      meter: recording.meter,
      clock,
      recorder: new Recorder(() => clock.monotonicMs()),
      loop: undefined,
      loadCockatiel: () => import('cockatiel'),
      config,
    });
    return this.#monitoring;
  }

  /** The rows that were sent to the database so far. */
  written(kind: 'performance' | 'metrics'): Record<string, unknown>[] {
    return this.batches.flatMap((values) => JSON.parse(String(values[kind === 'performance' ? 1 : 2])) as Record<string, unknown>[]);
  }

  async points(name: string): Promise<{ attributes: Record<string, unknown>; value: unknown }[]> {
    const found = (await this.recording.metrics()).find(({ descriptor }: MetricData) => descriptor.name === name);
    return (found?.dataPoints ?? []).map(({ attributes, value }) => ({ attributes, value }));
  }

  async dispose(): Promise<void> {
    await this.#monitoring?.stop();
    await this.recording.dispose();
  }
}
