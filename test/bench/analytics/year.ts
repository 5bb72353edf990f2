import type { HandoffServices } from '../../../src/handoff/services.js';
import type { Database } from '../../../src/handoff/storage/database.js';
import { fillYear } from './fillYear.js';
import type { Part } from './fillYear.js';

export interface RollupFigures {
  readonly name: string;
  readonly events: number;
  readonly eventsBefore: number;
  readonly seconds: number;
  /** CPU time of this process and of PostgreSQL with all it does by itself; absent where the operating system does not tell. */
  readonly cpuSeconds: number | undefined;
}

export interface BucketFigures {
  readonly granularity: string;
  /** One for each kind, dimension and time. */
  readonly rows: number;
  /** Values of dimensions, all together. */
  readonly values: number;
  readonly bytesARow: number;
}

export interface ReportFigures {
  readonly name: string;
  readonly timesMs: Float64Array;
  /** CPU time of one, as above. */
  readonly cpuMs: number | undefined;
}

export interface YearFigures {
  /** The history, and the days after it that make buckets of minutes too. */
  readonly rollups: readonly RollupFigures[];
  /** The same days without any history before them, and with one ten times as long; rolled up in turns. */
  readonly growth: readonly [RollupFigures, RollupFigures];
  readonly buckets: readonly BucketFigures[];
  /** Of all buckets with their indexes. */
  readonly bucketBytes: number;
  readonly reports: readonly ReportFigures[];
}

type Analytics = HandoffServices['analytics'];

/** CPU time so far, in ms, of this process and of PostgreSQL. */
type ReadCpu = () => number | undefined;

/** A database with its services. */
export interface Subject {
  readonly database: Database;
  readonly analytics: Analytics;
}

const DAYS = 364;
const HISTORY: Part = { fromDay: 0, days: 324 };
/** Minutes of them are no longer kept: what is made is hours, days and months, with a history before them and without. */
const COMPARED: Part = { fromDay: 324, days: 32 };
const LAST: Part = { fromDay: 356, days: 8 };
/** How long one of the two rolls up before it is the other's turn: what else the machine does meets both. */
const TURN_MS = 3000;
/** Until statements are planned and code is compiled. */
const WARM_UP_ROUNDS = 5;
const DAY_MS = 86_400_000;

/**
 * Fills a year, rolls it up part by part, and asks for reports of all of it.
 *
 * @param young an empty database, which gets a part without the history before it
 */
export async function measureYear(
  { year, young }: { readonly year: Subject; readonly young: Subject },
  {
    events,
    rounds,
    readCpu,
    tell,
  }: { readonly events: number; readonly rounds: number; readonly readCpu: ReadCpu; readonly tell: (line: string) => void },
): Promise<YearFigures> {
  const fill = async ({ database }: Subject, part: Part): Promise<number> => {
    tell(`days ${part.fromDay} to ${part.fromDay + part.days}: filling`);
    const written = await fillYear(database, Math.round((events * part.days) / DAYS), part);
    await moveWatermarks(database, part.fromDay);
    return written;
  };
  const before = await fill(year, HISTORY);
  tell(`rolling up ${before} events`);
  const history = {
    name: `${HISTORY.days} days`,
    events: before,
    eventsBefore: 0,
    ...(await timed(readCpu, () => year.analytics.rollUp({ pauseMs: 0 }))),
  };
  const [some, same] = [await fill(young, COMPARED), await fill(year, COMPARED)];
  tell(`rolling up ${some + same} events in turns`);
  const [youngCost, yearCost] = await inTurns(readCpu, young, year);
  const name = `${COMPARED.days} days`;
  const growth = [
    { name, events: some, eventsBefore: 0, ...youngCost },
    { name, events: same, eventsBefore: before, ...yearCost },
  ] as const;
  const recent = await fill(year, LAST);
  tell(`rolling up ${recent} events`);
  const last = {
    name: `the last ${LAST.days} days, with minutes`,
    events: recent,
    eventsBefore: before + same,
    ...(await timed(readCpu, () => year.analytics.rollUp({ pauseMs: 0 }))),
  };
  await year.database.pool.query('VACUUM ANALYZE analytics_aggregations');
  tell('reports of the year');
  const reports = await measureReports(year.analytics, rounds, readCpu);
  return { rollups: [history, last], growth, ...(await measureBuckets(year.database)), reports };
}

type Cost = Pick<RollupFigures, 'seconds' | 'cpuSeconds'>;

async function timed<T>(readCpu: ReadCpu, work: () => Promise<T>): Promise<Cost & { readonly result: T }> {
  const [startMs, cpuMs] = [performance.now(), readCpu()];
  const result = await work();
  const afterMs = readCpu();
  const cpuSeconds = cpuMs === undefined || afterMs === undefined ? undefined : (afterMs - cpuMs) / 1000;
  return { seconds: (performance.now() - startMs) / 1000, cpuSeconds, result };
}

/** What it costs each of two to roll everything up. */
async function inTurns(readCpu: ReadCpu, ...subjects: readonly [Subject, Subject]): Promise<readonly [Cost, Cost]> {
  const costs: [Cost, Cost] = [
    { seconds: 0, cpuSeconds: 0 },
    { seconds: 0, cpuSeconds: 0 },
  ];
  const isComplete = [false, false];
  for (let turn = 0; isComplete.includes(false); turn += 1) {
    const index = turn % 2 === 0 ? 0 : 1;
    if (isComplete[index] === true) continue;
    const { seconds, cpuSeconds, result } = await timed(readCpu, () =>
      subjects[index].analytics.rollUp({ pauseMs: 0, timeLimitMs: TURN_MS }),
    );
    const before = costs[index];
    costs[index] = {
      seconds: before.seconds + seconds,
      cpuSeconds: before.cpuSeconds === undefined || cpuSeconds === undefined ? undefined : before.cpuSeconds + cpuSeconds,
    };
    isComplete[index] = result.isComplete;
  }
  return costs;
}

/** What was written is new, and not late. */
async function moveWatermarks({ pool }: Database, fromDay: number): Promise<void> {
  await pool.query(
    "UPDATE analytics_watermarks SET rolled_up_to = date_trunc('day', now() - interval '1 year' + $1 * interval '1 day', 'UTC')",
    [fromDay],
  );
}

async function measureBuckets({ pool }: Database): Promise<Pick<YearFigures, 'buckets' | 'bucketBytes'>> {
  const { rows } = await pool.query<{ granularity: string; rows: number; of: number; bytes: number }>(
    `SELECT granularity, count(*)::int AS rows, sum((SELECT count(*) FROM jsonb_object_keys(aggregation_data)))::int AS of,
       avg(pg_column_size(a))::float8 AS bytes
     FROM analytics_aggregations a GROUP BY 1 ORDER BY 2 DESC`,
  );
  const { rows: sizes } = await pool.query<{ bytes: number }>("SELECT pg_total_relation_size('analytics_aggregations')::float8 AS bytes");
  return {
    buckets: rows.map(({ granularity, rows: count, of, bytes }) => ({ granularity, rows: count, values: of, bytesARow: bytes })),
    bucketBytes: sizes[0]?.bytes ?? Number.NaN,
  };
}

async function measureReports(analytics: Analytics, rounds: number, readCpu: ReadCpu): Promise<ReportFigures[]> {
  const end = new Date();
  const year = { start: new Date(end.getTime() - 365 * DAY_MS), end };
  const reports: Readonly<Record<string, () => Promise<unknown>>> = {
    'sessions, by agent': () => analytics.getSessionStatistics({ ...year, groupBy: 'agent' }),
    handoffs: () => analytics.getHandoffSuccessRates(year),
    context: () => analytics.getContextGrowthPatterns(year),
    performance: () => analytics.getPerformanceTrends(year),
    resources: () => analytics.getResourceUtilization(year),
  };
  const figures: ReportFigures[] = [];
  for (const [name, report] of Object.entries(reports)) {
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await report();
    const timesMs: number[] = [];
    const { cpuSeconds } = await timed(readCpu, async () => {
      for (let round = 0; round < rounds; round += 1) timesMs.push((await timed(() => undefined, report)).seconds * 1000);
    });
    const cpuMs = cpuSeconds === undefined ? undefined : (cpuSeconds * 1000) / rounds;
    figures.push({ name, timesMs: Float64Array.from(timesMs).sort(), cpuMs });
  }
  return figures;
}
