import type { AlertName } from '../../../../telemetry/catalogue/alerts.js';
import type { Clock } from '../../../../time/clock.js';
import type { Retention } from '../../../retention/retention.js';
import type { Cache } from '../../../storage/cache.js';
import type { Database, Queryable, Statement } from '../../../storage/database.js';
import type { ReportName } from '../../../../telemetry/catalogue/analytics.js';
import { ReportReader } from '../../reports/reader.js';

/** What facts are gathered from, besides the database. */
export interface Circumstances {
  readonly cache: Pick<Cache, 'size'>;
  /** Thresholds of alerts, as they are at the moment; absent where an alert is switched off. */
  readonly thresholds: () => Readonly<Partial<Record<AlertName, number>>>;
  readonly handoffs: { readonly timeoutHours: number };
  readonly retention: Pick<Retention, 'storageReport'>;
}

export interface FactSources extends Circumstances {
  readonly database: Database;
  readonly clock: Clock;
}

/** Why a fact cannot be had, as a sentence. */
export class Unavailable {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Of what is added up by time, the last days are looked at. */
const WINDOW_MS = 7 * 86_400_000;

export function windowOf({ clock }: Pick<FactSources, 'clock'>): { readonly from: Date; readonly to: Date } {
  const nowMs = clock.nowMs();
  return { from: new Date(nowMs - WINDOW_MS), to: new Date(nowMs) };
}

/** Longest run of one statement: advice must not be what makes a database slow. */
export const LIMIT_MS = 3000;

const limitStatements: Statement = {
  name: 'handoff_limit_statements',
  text: "SELECT set_config('statement_timeout', $1, true)",
};

/** Runs statements that the database ends when they take too long. What one of them cannot find out is left out of the facts. */
export function limited<T>({ database }: Pick<FactSources, 'database'>, read: (q: Queryable) => Promise<T>): Promise<T> {
  return database.transaction(async (q) => {
    await q.query(limitStatements, [String(LIMIT_MS)]);
    return read({ query: (statement, values) => q.query({ ...statement, expectedFailures: 'any' }, values) });
  });
}

/** Reads buckets of the last days. */
export function readRollups<T>(
  sources: FactSources,
  report: ReportName,
  read: (reader: ReportReader) => Promise<T>,
): Promise<T | Unavailable> {
  const { from, to } = windowOf(sources);
  return limited(sources, async (q) => {
    const reader = await ReportReader.open(q, report, { start: from, end: to }, to.getTime());
    if (reader.coverage(report).watermark === null)
      return new Unavailable('Nothing has been added up yet: the job analytics-rollup has to run first.');
    return read(reader);
  });
}
