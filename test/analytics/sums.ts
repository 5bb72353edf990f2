import type { ReportQuery } from '../../src/handoff/analytics/reports/options.js';
import type { TimeUnit } from '../../src/handoff/analytics/ranges/timeZone.js';
import type { Sql } from './sql.js';

/** What the rows of one measure, of one value of a dimension and in one part of local time come to. */
export interface Sum {
  readonly n: number;
  readonly total: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The exact percentiles: 50, 95, 99. */
  readonly percentiles: readonly [number, number, number] | readonly [null, null, null];
}

export const NONE: Sum = { n: 0, total: null, low: null, high: null, percentiles: [null, null, null] };

/** Sums by measure. */
export type Sums = ReadonlyMap<string, Sum>;

/** Sums by value of a dimension, and by part of local time: the start in milliseconds since the epoch, as text. */
export type SumsByPart = ReadonlyMap<string, ReadonlyMap<string, Sums>>;

export type Known = Map<string, Promise<SumsByPart>>;

export interface Wanted {
  /** Values of this dimension; default: everything together, under ''. */
  readonly by?: string;
  /** Parts of local time of this size; default: the whole range, under ''. */
  readonly unit?: TimeUnit;
}

interface SumRow extends Sum {
  readonly value: string;
  readonly part: string;
  readonly measure: string;
}

/** A range as it is answered: what lies in the middle of a bucket that is kept is not divided. */
export interface Answered {
  readonly start: Date;
  readonly end: Date;
  /** Everything before is rolled up, in all kinds that are asked for. */
  readonly watermark: Date;
}

/**
 * Where the time of a row is told to be: minutes are known for 8 days and hours for 400, and what is older is told by the middle of its
 * hour or of its day. In zones that are off UTC by whole hours this makes no difference but where only days are known.
 */
const KNOWN_AT = `CASE WHEN at < days_only THEN date_trunc('day', at, 'UTC') + interval '12 hours'
  WHEN at < hours_only THEN date_trunc('hour', at, 'UTC') + interval '30 minutes' ELSE at END`;
const KEPT = `(SELECT date_trunc('day', now() - interval '1 minute' - interval '8 days', 'UTC') AS hours_only,
  date_trunc('day', now() - interval '1 minute' - interval '400 days', 'UTC') AS days_only) AS kept`;

/** Where the first bucket of a range begins ($1) and the last one ends ($2). */
const FIRST = `date_trunc(CASE WHEN $1 < days_only THEN 'day' WHEN $1 < hours_only THEN 'hour' ELSE 'minute' END, $1::timestamptz, 'UTC')`;
const LAST = `CASE WHEN $2 < days_only THEN date_trunc('day', $2::timestamptz + interval '1 day' - interval '1 microsecond', 'UTC')
  WHEN $2 < hours_only THEN date_trunc('hour', $2::timestamptz + interval '1 hour' - interval '1 microsecond', 'UTC')
  ELSE date_trunc('minute', $2::timestamptz + interval '1 minute' - interval '1 microsecond', 'UTC') END`;

/** Adds rows up by plain SQL. */
export class Counted {
  readonly #db: Sql;
  readonly #known: Known;
  readonly query: ReportQuery;

  /** @param known what was added up before: reports of one range ask for the same again */
  constructor(db: Sql, query: ReportQuery, known: Known) {
    this.#db = db;
    this.#known = known;
    this.query = query;
  }

  get zone(): string {
    return this.query.timeZone ?? 'UTC';
  }

  /** The same for another range. */
  over(start: Date, end: Date): Counted {
    return new Counted(this.#db, { ...this.query, start, end }, this.#known);
  }

  /** The range as buckets tell of it. */
  async answered(...kinds: readonly string[]): Promise<Answered> {
    const [row] = await this.#db.sql<Answered>(
      `SELECT ${FIRST} AS start, LEAST(w.rolled_up_to, ${LAST}) AS "end", w.rolled_up_to AS watermark
       FROM ${KEPT}, (SELECT min(rolled_up_to) AS rolled_up_to FROM analytics_watermarks WHERE kind = ANY ($3)) AS w`,
      [this.query.start, this.query.end, kinds],
    );
    if (row === undefined) throw new Error('no watermark');
    return row;
  }

  /** The mean of each metric in the last minute with samples of it, of the last hour of the range, where minutes are known. */
  async lastMinutes(): Promise<readonly (readonly [metric: string, mean: number])[]> {
    const { start, end } = await this.answered('resources');
    const rows = await this.#db.sql<{ metric: string; mean: number }>(
      `SELECT DISTINCT ON (1) labels ->> 'metric' AS metric, avg(amount)::float8 AS mean
       FROM counted, ${KEPT}
       WHERE kind = 'resources' AND measure = 'value' AND at >= GREATEST($1, $2::timestamptz - interval '1 hour', hours_only) AND at < $2
       GROUP BY 1, date_trunc('minute', at) ORDER BY 1, date_trunc('minute', at) DESC`,
      [start, end],
    );
    return rows.map(({ metric, mean }) => [metric, mean]);
  }

  /** Sums of the rows of some kinds in the range, by value and part. */
  sums(kinds: readonly string[], wanted: Wanted = {}): Promise<SumsByPart> {
    const { start, end } = this.query;
    const key = JSON.stringify([start, end, this.zone, kinds, wanted]);
    const sums = this.#known.get(key) ?? this.#add(kinds, wanted);
    this.#known.set(key, sums);
    return sums;
  }

  async #add(kinds: readonly string[], { by, unit }: Wanted): Promise<SumsByPart> {
    const { start, end } = await this.answered(...kinds);
    const rows = await this.#db.sql<SumRow>(
      `SELECT ${by === undefined ? "''" : 'labels ->> $4'} AS value, ${unit === undefined ? "''" : `(extract(epoch FROM date_trunc('${unit}', ${KNOWN_AT}, $5)) * 1000)::bigint::text`} AS part,
         measure, sum(n)::int AS n, sum(amount) AS total, min(amount) AS low, max(amount) AS high,
         percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY amount) AS percentiles
       FROM counted, ${KEPT}
       WHERE kind = ANY ($1) AND at >= $2 AND at < $3 AND ($4::text IS NULL OR labels ->> $4 IS NOT NULL) AND $5::text IS NOT NULL
         ${unit === 'hour' ? 'AND at >= days_only' : ''}
       GROUP BY 1, 2, 3`,
      [kinds, start, end, by ?? null, this.zone],
    );
    return new Map(
      [...Map.groupBy(rows, ({ value }) => value)].map(([value, of]) => [
        value,
        new Map(
          [...Map.groupBy(of, ({ part }) => part)].map(([part, ofPart]) => [
            part,
            new Map(ofPart.map(({ measure, percentiles, ...sum }) => [measure, { ...sum, percentiles: percentiles ?? NONE.percentiles }])),
          ]),
        ),
      ]),
    );
  }

  /** Calls that took longer than a limit, by name: the limit is known within half a percent. */
  async slow(by: 'operation' | 'statement', limitMs: number): Promise<readonly SlowCalls[]> {
    const { start, end } = await this.answered('performance');
    return this.#db.sql<SlowCalls>(
      `SELECT labels ->> $4 AS name, count(*) FILTER (WHERE amount > $5::float8 * 1005)::int AS least, count(*) FILTER (WHERE amount > $5::float8 * 995)::int AS most,
         max(amount) / 1000 AS "highMs"
       FROM counted WHERE kind = $1 AND at >= $2 AND at < $3 AND measure = 'duration_us' AND labels ->> $4 IS NOT NULL GROUP BY 1`,
      ['performance', start, end, by, limitMs],
    );
  }

  /**
   * The parts of local time that the range reaches into, in order: where only days are known, an hour is no part, and a part without the
   * middle of an hour or of a day that is known is none either.
   */
  async parts(kind: string, unit: TimeUnit): Promise<readonly Part[]> {
    const { start, end } = await this.answered(kind);
    return this.#db.sql<Part>(
      `SELECT at AS start, date_trunc('${unit}', at + CASE '${unit}' WHEN 'hour' THEN interval '1 hour' WHEN 'day' THEN interval '26 hours' WHEN 'week' THEN interval '7 days 2 hours'
           ELSE interval '32 days' END, $3) AS "end", extract(hour FROM at AT TIME ZONE $3)::int AS hour, extract(isodow FROM at AT TIME ZONE $3)::int AS weekday
       FROM (SELECT DISTINCT date_trunc('${unit}', ${KNOWN_AT}, $3) AS at
         FROM (SELECT GREATEST(quarter, $1) AS at
           FROM generate_series(date_trunc('hour', $1::timestamptz), $2::timestamptz - interval '1 millisecond', interval '15 minutes') AS quarter) AS times, ${KEPT}
         WHERE '${unit}' <> 'hour' OR at >= days_only) AS parts
       ORDER BY at`,
      [start, end, this.zone],
    );
  }
}

export interface SlowCalls {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly highMs: number;
}

export interface Part {
  readonly start: Date;
  readonly end: Date;
  /** Of its beginning, by local clocks: 0 to 23, and 1 (Monday) to 7. */
  readonly hour: number;
  readonly weekday: number;
}
