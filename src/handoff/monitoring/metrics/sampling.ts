import type { Meter } from '@opentelemetry/api';
import type { Log } from '../../../telemetry/log.js';
import type { Clock } from '../../../time/clock.js';
import { quietly } from '../../../errors/quietly.js';
import { measurementEvents } from '../../../telemetry/catalogue/measurements.js';
import { errorType } from '../../../telemetry/errorType.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME } from '../../../telemetry/semconv.js';
import { isOverWithin } from '../../../time/within.js';
import type { Database } from '../../storage/database.js';
import { memoryUse } from '../health/checks/memory.js';
import type { HealthReport } from '../health/report.js';
import { Measurements } from '../measurements/measurements.js';
import type { Interval, Recorder } from '../measurements/recorder.js';
import { loadSketches } from '../measurements/sketch.js';
import type { SystemMetrics } from '../types.js';
import { PrometheusSnapshot } from './prometheusSnapshot.js';
import { Repeated } from './repeated.js';
import { SystemSampler } from './systemSampler.js';

export interface SamplingOptions {
  readonly database: Database;
  readonly log: Log;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly health: () => HealthReport;
  readonly intervalMs: number;
  readonly collectMetrics: (() => Promise<string>) | undefined;
  /** Told of each interval that has ended; `undefined` where nothing is measured. Must not reject. */
  readonly onInterval?: (interval: Interval | undefined) => Promise<void>;
}

const LAST_WRITE_MS = 1000;

/** Takes snapshots of what the process measures by an interval, keeps the last of each, and writes them down. */
export class Sampling {
  readonly #measurements: Measurements;
  readonly #prometheus: PrometheusSnapshot;
  readonly #sampler: SystemSampler;
  readonly #repeated: Repeated;
  readonly #onInterval: SamplingOptions['onInterval'];
  readonly #writing = new Set<Promise<void>>();

  constructor(options: SamplingOptions) {
    const { clock, recorder } = options;
    this.#measurements = new Measurements({ ...options, loadSketches });
    this.#prometheus = new PrometheusSnapshot(options.collectMetrics, clock);
    this.#sampler = new SystemSampler({
      ...options,
      memory: memoryUse,
      cpuMicros: () => process.cpuUsage().user + process.cpuUsage().system,
      statements: () => recorder.totals('statement'),
      lastInterval: () => this.#measurements.last,
    });
    // Read before each pause, because it may change.
    this.#repeated = new Repeated(
      clock,
      () => options.intervalMs,
      () => this.#take(),
      (error) => tellFailure(options.log, error),
    );
    this.#onInterval = options.onInterval;
  }

  start(): void {
    this.#repeated.start();
  }

  /** Writes what was measured since the last interval, if the database answers in time. */
  async stop(): Promise<void> {
    if (this.#repeated.stop()) await isOverWithin(LAST_WRITE_MS, this.#takeLast());
  }

  /** Begins the present interval anew, with the length that it is to have now. */
  restart(): void {
    if (this.#repeated.stop()) this.#repeated.start();
  }

  /** Batches that wait for the database. */
  get waiting(): number {
    return this.#measurements.waiting;
  }

  prometheusText(): string {
    return this.#prometheus.text();
  }

  systemMetrics(): SystemMetrics {
    return this.#sampler.latest();
  }

  /** Waits for nobody but the library: neither a database nor a host that hangs may stop the next snapshot. */
  async #take(): Promise<void> {
    void this.#prometheus.take();
    const interval = await this.#measurements.end();
    void this.#onInterval?.(interval);
    const sample = this.#sampler.take();
    const writing = this.#sampler.countSessions().then(async (sessions) => {
      if (interval !== undefined) await this.#measurements.write(interval, { ...sample, sessions });
      this.#writing.delete(writing);
    });
    this.#writing.add(writing);
  }

  async #takeLast(): Promise<void> {
    const interval = await this.#measurements.end();
    // A count would take time that a server has no longer.
    const last = interval === undefined ? undefined : this.#measurements.write(interval, { ...this.#sampler.take(), sessions: {} });
    await Promise.all([...this.#writing, last]);
  }
}

function tellFailure(log: Log, error: unknown): void {
  const record = { [ATTR_EVENT_NAME]: measurementEvents.failed.name, [ATTR_ERROR_TYPE]: errorType(error) };
  quietly(() => log.warn(record, 'the process could not be measured; it is tried again after the interval'));
}
