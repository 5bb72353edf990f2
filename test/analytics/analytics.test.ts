import { afterAll, beforeAll, expect, it } from 'vitest';
import { DatabaseInterruptedError } from '../../src/errors/databaseErrors.js';
import { groupingsOf } from '../../src/handoff/analytics/reports/options.js';
import type { ReportQuery } from '../../src/handoff/analytics/reports/options.js';
import { handoffFixture } from '../setup/handoffFixture.js';
import type { HandoffFixture } from '../setup/handoffFixture.js';
import { close } from './close.js';
import { compareBuckets, countAll } from './counted.js';
import { expectedContext, expectedHandoffs, expectedSessions } from './expectedCounts.js';
import { expectedPerformance, expectedResources } from './expectedMeasurements.js';
import { questions } from './ranges.js';
import { openSql } from './sql.js';
import { Counted } from './sums.js';
import type { Known, SlowCalls } from './sums.js';
import { countRows, writeLate, writeYear } from './year.js';

/** Every bucket and every figure of every report, on a million rows of more than a year, is what plain SQL on these rows says. */

const DAY_MS = 86_400_000;
/** Hours are kept for 400 days: some of it is known by days only. */
const DAYS = 430;
/** It begins at noon and ends in the middle of an hour. */
const to = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 17 * 60_000);
const from = new Date(Math.floor(to.getTime() / DAY_MS - DAYS) * DAY_MS + DAY_MS / 2);

const daysOf = (start: number, end: number): { from: Date; to: Date } => ({
  from: new Date(Math.max(from.getTime(), from.getTime() + start * DAY_MS)),
  to: new Date(Math.min(to.getTime(), from.getTime() + end * DAY_MS)),
});
/** Where rows come late: in the time of which only days are kept, in that of which hours are, and in that of which minutes are. */
const lateSpans = [daysOf(0, 15), daysOf(200, 220), daysOf(DAYS - 12, DAYS + 1)];

let fixture: HandoffFixture;
let db: Awaited<ReturnType<typeof openSql>>;
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startMs = performance.now();
  const result = await work();
  tell(`${what}: ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  return result;
}

/** As a server does it: where a connection breaks, as on a machine that has slept, the next run goes on. */
async function rollUpAll(): Promise<void> {
  for (let isComplete = false; !isComplete; )
    ({ isComplete } = await fixture.analytics.rollUp({ pauseMs: 0 }).catch((error: unknown) => {
      if (error instanceof DatabaseInterruptedError) return { isComplete: false };
      throw error;
    }));
}

beforeAll(async () => {
  let url = '';
  fixture = await handoffFixture({
    prepare: async (of) => {
      url = of;
    },
  });
  db = await openSql(url);
  await timed('written', () => writeYear(db, { from, to }));
  const early = await countRows(db);
  await timed('rolled up', rollUpAll);
  await timed('late rows written', () => writeLate(db, lateSpans));
  const all = await countRows(db);
  tell(`${all} rows, ${all - early} of them late`);
  expect(all).toBeGreaterThan(1_000_000);
  await timed('rolled up again', rollUpAll);
  await fixture.analytics.prune();
  await timed('counted', () => countAll(db));
});
afterAll(async () => {
  await db.close();
  await fixture.dispose();
});

it('every bucket is what its rows come to', async () => {
  const { compared, buckets, ...differences } = await timed('compared', () => compareBuckets(db));
  tell(`${compared} measures of buckets: ${JSON.stringify(buckets)}`);
  expect(differences).toEqual({ onlyCounted: [], onlyStored: [], unequal: [], otherTotal: [] });
  expect(Object.keys(buckets).sort()).toEqual(['day', 'hour', 'minute', 'month']);
  expect(compared).toBeGreaterThan(500_000);
});

it('every figure of every report is what its rows come to', async () => {
  const asked = await questions(db, { from, to });
  expect([...asked.keys()].filter((name) => name.startsWith('the day of')).sort()).toEqual([
    'the day of 23 hours in America/New_York',
    'the day of 23 hours in Europe/Berlin',
    'the day of 25 hours in America/New_York',
    'the day of 25 hours in Europe/Berlin',
  ]);
  const { analytics } = fixture;
  for (const [name, range] of asked) {
    await timed(name, async () => {
      const known: Known = new Map();
      for (const query of groupedBy(range, 'sessions'))
        expect
          .soft(await analytics.getSessionStatistics(query), `${name}: sessions ${query.groupBy}`)
          .toEqual(await expectedSessions(new Counted(db, query, known)));
      for (const query of groupedBy(range, 'handoffs'))
        expect
          .soft(await analytics.getHandoffSuccessRates(query), `${name}: handoffs ${query.groupBy}`)
          .toEqual(await expectedHandoffs(new Counted(db, query, known)));
      for (const query of groupedBy(range, 'context'))
        expect
          .soft(await analytics.getContextGrowthPatterns(query), `${name}: context ${query.groupBy}`)
          .toEqual(await expectedContext(new Counted(db, query, known)));
      expect
        .soft(await analytics.getResourceUtilization(range), `${name}: resources`)
        .toEqual(await expectedResources(new Counted(db, range, known)));
      await expectPerformance(range, name, known);
    });
  }
});

/** Without a grouping, and with each that the report has. */
function groupedBy(query: ReportQuery, report: keyof typeof groupingsOf): readonly ReportQuery[] {
  return [query, ...groupingsOf[report].map((groupBy) => ({ ...query, groupBy }))];
}

/** With all operations named: percentiles of what is together cannot be told from those of its parts. */
async function expectPerformance({ maxGroups: _, ...range }: ReportQuery, name: string, known: Known): Promise<void> {
  const counted = new Counted(db, range, known);
  const { slowOperations, databasePerformance, ...report } = await fixture.analytics.getPerformanceTrends(range);
  const { slowQueries, topSlowQueries, ...database } = databasePerformance;
  expect.soft({ ...report, databasePerformance: database }, `${name}: performance`).toEqual(await expectedPerformance(counted));
  const operations = await counted.slow('operation', 2000);
  expectSlow(
    slowOperations.map(({ operation, slowCalls }) => ({ name: operation, count: slowCalls })),
    operations,
  );
  for (const { operation, maxDurationMs } of slowOperations)
    expect.soft(maxDurationMs, operation).toEqual(close(operations.find((each) => each.name === operation)?.highMs ?? NaN));
  const statements = await counted.slow('statement', 500);
  expectSlow(
    topSlowQueries.map(({ queryPattern, count }) => ({ name: queryPattern, count })),
    statements,
  );
  const sum = (of: 'least' | 'most'): number => statements.reduce((total, each) => total + each[of], 0);
  expect.soft(slowQueries, name).toBeGreaterThanOrEqual(sum('least'));
  expect.soft(slowQueries, name).toBeLessThanOrEqual(sum('most'));
}

/** The first ten at least, those with most slow calls first. */
function expectSlow(told: readonly { readonly name: string; readonly count: number }[], counted: readonly SlowCalls[]): void {
  const known = new Map(counted.map((each) => [each.name, each]));
  for (const { name, count } of told) {
    expect.soft(count, name).toBeGreaterThanOrEqual(known.get(name)?.least ?? NaN);
    expect.soft(count, name).toBeLessThanOrEqual(known.get(name)?.most ?? NaN);
  }
  expect.soft(told.map(({ count }) => count)).toEqual(told.map(({ count }) => count).sort((a, b) => b - a));
  expect.soft(told.length).toBeGreaterThanOrEqual(Math.min(10, counted.filter(({ least }) => least > 0).length));
}
