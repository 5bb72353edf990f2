import { retentionDays } from '../../../../src/telemetry/catalogue/backEnds.js';
import type { Figures, RateFigures } from '../../../bench/collector/figures.js';

/** What is assumed of a fleet, beside what was measured. */
export interface Fleet {
  readonly servers: number;
  /** Calls of tools a server answers in a second, averaged over the day. */
  readonly callsPerSecond: number;
  /** How many times the average the busiest minute has. */
  readonly peakFactor: number;
  /** `OTEL_METRIC_EXPORT_INTERVAL`, seconds. */
  readonly metricIntervalSeconds: number;
  /** The share of traces that is kept, 0 to 1. */
  readonly sampledShare: number;
  /** How long an outage of a back end the queues have to bridge at the average rate, hours. */
  readonly outageHours: number;
  /** CPU of a collector, cores, and how much of it the peak may use, 0 to 1. */
  readonly collectorCores: number;
  readonly collectorBusy: number;
}

/**
 * What an item takes on the disk of its back end, bytes. Of Tempo 3.0.3 and Loki 3.7.6 measured once with this telemetry; of Prometheus
 * what its documentation names, 1 to 2.
 */
export const storedBytes = { span: 117, logRecord: 60, sample: 2 } as const;

/** Where one process of a back end ends. Loki's documentation names its own; the others are chosen well below what one process bears. */
export const singleProcess = { prometheusSeries: 1_000_000, tempoBytesPerSecond: 5_000_000, lokiGigabytesPerDay: 20 } as const;

/** What Mimir's documentation counts on for a core: samples a second of a distributor, series of an ingester; each series is on three. */
const mimir = { samplesPerSecondPerCore: 25_000, seriesPerCore: 300_000, copies: 3 } as const;

/** What Tempo's documentation counts on for one distributor, bytes a second. */
const tempoDistributorBytesPerSecond = 10_000_000;

const SECONDS_PER_DAY = 86_400;
const SECONDS_PER_HOUR = 3600;
const BYTES_PER_GB = 1e9;
/** So that one may end. */
const FEWEST_IN_A_TIER = 2;

export interface Sizes {
  readonly spansPerSecond: number;
  readonly logRecordsPerSecond: number;
  readonly samplesPerSecond: number;
  readonly series: number;
  /** What the collectors receive, bytes a second. */
  readonly receivedBytesPerSecond: number;
  /** What Tempo receives, bytes a second, not compressed. */
  readonly traceBytesPerSecond: number;
  /** With one tier, all traces kept. */
  readonly collectors: number;
  /** With two tiers: first and second. */
  readonly gateways: number;
  readonly nodes: number;
  /** Of each collector of one tier: items its queues must hold, for all signals together, and the disk for it in GB. */
  readonly queueItems: number;
  readonly queueGb: number;
  /** GB a day on the disks of the back ends, and for as long as they are kept. */
  readonly gbPerDay: Readonly<Record<'traces' | 'sampledTraces' | 'logs' | 'metrics', number>>;
  readonly gbKept: Readonly<Record<'traces' | 'sampledTraces' | 'logs' | 'metrics', number>>;
  readonly prometheusIsEnough: boolean;
  readonly tempoIsEnough: boolean;
  readonly lokiIsEnough: boolean;
  readonly mimirDistributorCores: number;
  readonly mimirIngesterCores: number;
  readonly tempoDistributors: number;
}

/** Calculates what a fleet needs from what one unit was measured to cost. */
export function sizesOf(fleet: Fleet, { units, rates }: Pick<Figures, 'units' | 'rates'>): Sizes {
  const calls = fleet.servers * fleet.callsPerSecond;
  const spans = calls * units.spansPerCall;
  const logRecords = calls * units.logRecordsPerCall;
  const points = (fleet.servers * units.pointsPerExport) / fleet.metricIntervalSeconds;
  const collectors = collectorsFor('one tier', spans, fleet, rates);
  const tiers = collectorsFor('two tiers', spans, fleet, rates);
  // What is made of spans has the service's name and the collector's, and no server's.
  const series = fleet.servers * units.series.server + collectors * (units.series.collector + units.series.derived);
  const samples = series / fleet.metricIntervalSeconds;
  const queueItems = ((spans + logRecords + points) * fleet.outageHours * SECONDS_PER_HOUR) / collectors;
  const traceBytes = spans * units.wireBytes.span;
  const gbPerDay = {
    traces: gbOfDay(spans * storedBytes.span),
    sampledTraces: gbOfDay(spans * fleet.sampledShare * storedBytes.span),
    logs: gbOfDay(logRecords * storedBytes.logRecord),
    metrics: gbOfDay(samples * storedBytes.sample),
  };
  return {
    spansPerSecond: spans,
    logRecordsPerSecond: logRecords,
    samplesPerSecond: samples,
    series,
    receivedBytesPerSecond: traceBytes + logRecords * units.wireBytes.logRecord + points * units.wireBytes.point,
    traceBytesPerSecond: traceBytes,
    collectors,
    // Both tiers share the work about equally, and each needs to do without one.
    gateways: Math.max(FEWEST_IN_A_TIER, Math.ceil(tiers / 2)),
    nodes: Math.max(FEWEST_IN_A_TIER, Math.ceil(tiers / 2)),
    queueItems,
    queueGb: (queueItems * units.queueBytesPerItem) / BYTES_PER_GB,
    gbPerDay,
    gbKept: {
      traces: gbPerDay.traces * retentionDays.traces,
      sampledTraces: gbPerDay.sampledTraces * retentionDays.traces,
      logs: gbPerDay.logs * retentionDays.logs,
      metrics: gbPerDay.metrics * retentionDays.metrics,
    },
    prometheusIsEnough: series <= singleProcess.prometheusSeries,
    tempoIsEnough: traceBytes * fleet.peakFactor <= singleProcess.tempoBytesPerSecond,
    // What Loki's documentation counts is what comes in, not what is on disk.
    lokiIsEnough: gbOfDay(logRecords * units.wireBytes.logRecord) <= singleProcess.lokiGigabytesPerDay,
    mimirDistributorCores: samples / mimir.samplesPerSecondPerCore,
    mimirIngesterCores: (series * mimir.copies) / mimir.seriesPerCore,
    tempoDistributors: Math.ceil((traceBytes * fleet.peakFactor) / tempoDistributorBytesPerSecond),
  };
}

function gbOfDay(bytesPerSecond: number): number {
  return (bytesPerSecond * SECONDS_PER_DAY) / BYTES_PER_GB;
}

/** Spans a second that a core takes in a set-up, from the highest rate that was kept up: logs and metrics in proportion are in it. */
export function spansPerSecondPerCore(setUp: string, rates: readonly RateFigures[]): number {
  const paced = rates.filter((rate) => rate.setUp === setUp && rate.askedSpansPerSecond > 0);
  const highest = paced.toSorted((a, b) => b.askedSpansPerSecond - a.askedSpansPerSecond)[0];
  if (highest === undefined) throw new Error(`There is no figure of "${setUp}": run \`npm run bench collector -- --write\`.`);
  return highest.spansPerSecond.median / highest.cores.median;
}

function collectorsFor(setUp: string, spansPerSecond: number, fleet: Fleet, rates: readonly RateFigures[]): number {
  const capacity = spansPerSecondPerCore(setUp, rates) * fleet.collectorCores * fleet.collectorBusy;
  return Math.max(1, Math.ceil((spansPerSecond * fleet.peakFactor) / capacity));
}
