import { randomUUID } from 'node:crypto';
import type { Meter } from '@opentelemetry/api';
import { errorMessage } from '../../../errors/classify.js';
import { quietly } from '../../../errors/quietly.js';
import { measurementEvents, measurementMetrics } from '../../../telemetry/catalogue/measurements.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import type { Log } from '../../../telemetry/log.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME } from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import type { Database } from '../../storage/database.js';
import type { SystemMetrics } from '../types.js';
import type { Interval, Recorder } from './recorder.js';
import { metricRows, performanceRows } from './rows.js';
import type { MakeSketch } from './sketch.js';
import { MeasurementWriter } from './writer.js';

export interface MeasurementsOptions {
  readonly recorder: Recorder;
  readonly database: Pick<Database, 'query'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly loadSketches: () => Promise<MakeSketch>;
}

/** Ends intervals and writes what they measured, beside the calls and never in their way. */
export class Measurements {
  readonly #options: MeasurementsOptions;
  readonly #writer: MeasurementWriter;
  readonly #countDropped: (rows: number) => void;
  #loading: Promise<boolean> | undefined;
  #last: Interval | undefined;

  constructor(options: MeasurementsOptions) {
    this.#options = options;
    const record = createInstrument(options.meter, measurementMetrics.dropped);
    this.#countDropped = (rows) => record(rows, {});
    const countWritten = createInstrument(options.meter, measurementMetrics.written);
    // Rates need a series before its first increase.
    countWritten(0, {});
    this.#countDropped(0);
    this.#writer = new MeasurementWriter({
      database: options.database,
      clock: options.clock,
      onDropped: this.#countDropped,
      onWritten: (rows) => countWritten(rows, {}),
      onRefused: (code) => quietly(() => tellRefusal(options.log, code)),
    });
  }

  /** The interval that ended last. */
  get last(): Interval | undefined {
    return this.#last;
  }

  /** Batches that wait for the database. */
  get waiting(): number {
    return this.#writer.waiting;
  }

  /** Ends an interval. Resolves with whether there is something to write. Never rejects. */
  async end(): Promise<Interval | undefined> {
    this.#loading ??= this.#load();
    if (!(await this.#loading)) return undefined;
    this.#last = this.#options.recorder.take();
    return this.#last;
  }

  /** Never rejects. */
  async write(interval: Interval, sample: Omit<SystemMetrics, 'ageMs'>): Promise<void> {
    this.#countDropped(interval.samplesOmitted);
    const { endMs } = interval;
    await this.#writer.write({ id: randomUUID(), endMs, performance: performanceRows(interval), metrics: metricRows(sample) });
  }

  async #load(): Promise<boolean> {
    const { recorder, loadSketches, log } = this.#options;
    let makeSketch: MakeSketch;
    try {
      makeSketch = await loadSketches();
    } catch (error) {
      recorder.turnOff();
      const message = `no measurements are written to the database: ${errorMessage(error)}`;
      quietly(() => log.warn({ [ATTR_EVENT_NAME]: measurementEvents.unavailable.name }, message));
      return false;
    }
    recorder.use(makeSketch);
    return true;
  }
}

function tellRefusal(log: Log, code: string): void {
  log.warn(
    { [ATTR_EVENT_NAME]: measurementEvents.refused.name, [ATTR_ERROR_TYPE]: code },
    'the database refuses what was measured, which is dropped: run `handoff-otel migrate`, and check the rights on performance_logs and system_metrics',
  );
}
