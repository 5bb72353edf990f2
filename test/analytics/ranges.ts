import type { ReportQuery } from '../../src/handoff/analytics/reports/options.js';
import type { Sql } from './sql.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Day {
  readonly start: Date;
  readonly end: Date;
  readonly hours: number;
}

/** The local days of a zone on which clocks were changed within the last 390 days, by the time zones of PostgreSQL. */
async function daysOfChange({ sql }: Sql, zone: string): Promise<readonly Day[]> {
  return sql<Day>(
    `SELECT start, "end", (extract(epoch FROM "end" - start) / 3600)::int AS hours
     FROM (SELECT day::timestamp AT TIME ZONE $1 AS start, (day + 1)::timestamp AT TIME ZONE $1 AS "end"
       FROM (SELECT (now() AT TIME ZONE $1)::date - n AS day FROM generate_series(1, 390) n) AS days) AS days
     WHERE "end" - start <> interval '24 hours' ORDER BY start`,
    [zone],
  );
}

/** A minute of the last days in which nothing happened and nothing was measured. */
async function emptyMinute({ sql }: Sql): Promise<Date> {
  const [row] = await sql<{ at: Date }>(
    `SELECT minute AS at FROM generate_series(date_trunc('day', now() - interval '6 days', 'UTC'), now() - interval '1 day', interval '1 minute') minute
     WHERE NOT EXISTS (SELECT FROM counted WHERE kind = ANY (ARRAY['sessions', 'transitions', 'handoffs', 'context', 'performance', 'resources'])
       AND at >= minute AND at < minute + interval '1 minute') LIMIT 1`,
  );
  if (row === undefined) throw new Error('something happened in every minute');
  return row.at;
}

/** Questions about a history, by what they are about. */
export async function questions(
  db: Sql,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<ReadonlyMap<string, ReportQuery>> {
  const found = new Map<string, ReportQuery>();
  for (const timeZone of ['Europe/Berlin', 'America/New_York']) {
    for (const { start, end, hours } of await daysOfChange(db, timeZone)) {
      found.set(`the day of ${hours} hours in ${timeZone}`, { start, end, timeZone });
      const week = { start: new Date(start.getTime() - 3 * DAY_MS), end: new Date(end.getTime() + 3 * DAY_MS) };
      found.set(`by days, around the day of ${hours} hours in ${timeZone}`, { ...week, timeZone, granularity: 'day' });
      // Between two and three o'clock, for the second time.
      const again = new Date(start.getTime() + 3 * HOUR_MS);
      if (hours === 25)
        found.set(`an hour that is there twice in ${timeZone}`, { start: again, end: new Date(again.getTime() + HOUR_MS), timeZone });
    }
  }
  const whole = { start: from, end: to };
  const minutes = { start: new Date(to.getTime() - 3 * DAY_MS - 7 * 60_000), end: new Date(to.getTime() - 2 * DAY_MS) };
  const empty = await emptyMinute(db);
  const old = { start: new Date(from.getTime() + 5 * HOUR_MS), end: new Date(from.getTime() + 20 * DAY_MS) };
  return new Map<string, ReportQuery>([
    ...found,
    ['everything', whole],
    ['everything, by months of Berlin', { ...whole, timeZone: 'Europe/Berlin', granularity: 'month', maxGroups: 3 }],
    ['everything, by weeks of New York', { ...whole, timeZone: 'America/New_York', granularity: 'week' }],
    ['a day and some minutes', minutes],
    [
      'forty days of India',
      { start: new Date(to.getTime() - 41 * DAY_MS), end: new Date(to.getTime() - DAY_MS), timeZone: 'Asia/Kolkata' },
    ],
    ['the last hours, until what is rolled up', { start: new Date(to.getTime() - 6 * HOUR_MS), end: new Date() }],
    ['days of which no hours are known', { ...old, granularity: 'day' }],
    ['hours of days of which none are known', { ...old, timeZone: 'Europe/Berlin', granularity: 'hour' }],
    ['a minute in which nothing was', { start: empty, end: new Date(empty.getTime() + 60_000) }],
    ['a month before anything was', { start: new Date(from.getTime() - 90 * DAY_MS), end: new Date(from.getTime() - 60 * DAY_MS) }],
  ]);
}
