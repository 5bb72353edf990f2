import type { Queryable, Statement } from '../../storage/database.js';
import type { RollupKind } from '../../../telemetry/catalogue/analytics.js';
import { slotsOfHdr } from '../sketches/hdrText.js';
import { slotOf } from '../sketches/slots.js';
import { readEntries, readHandoffs, readPerformance, readSamples, readSessions, readTransitions } from './sql/sources.js';
import type { GroupedRow, PerformanceLogRow } from './sql/sources.js';
import type { Measure } from './measure.js';
import type { SourceRow } from './tally.js';

/** One kind of rollup: what it reads. */
export interface Kind {
  readonly name: RollupKind;
  /** Whether adding up all rows of a bucket says anything: durations of different operations do not. */
  readonly hasTotal: boolean;
  /** Reads the rows of a range, in milliseconds since the epoch, half-open. */
  read(q: Queryable, fromMs: number, toMs: number): Promise<readonly SourceRow[]>;
}

export const kinds: readonly Kind[] = [
  { name: 'sessions', hasTotal: true, read: grouped(readSessions) },
  { name: 'transitions', hasTotal: true, read: grouped(readTransitions) },
  { name: 'handoffs', hasTotal: true, read: grouped(readHandoffs) },
  { name: 'context', hasTotal: true, read: grouped(readEntries) },
  { name: 'performance', hasTotal: false, read: readLogs },
  { name: 'resources', hasTotal: false, read: grouped(readSamples) },
];

function grouped(statement: Statement): Kind['read'] {
  return async (q, fromMs, toMs) =>
    (await q.query<GroupedRow>(statement, [new Date(fromMs), new Date(toMs)])).map(
      ({ at, measure, labels, slot, n, total, low, high }) => ({
        atMs: at.getTime(),
        measure,
        labels,
        part: {
          n,
          ...(total === null || low === null || high === null ? {} : { total, low, high }),
          // The database gives what has no value the slot of 0.
          ...(slot === null || total === null ? {} : { slots: new Map([[slot, n]]) }),
        },
      }),
    );
}

async function readLogs(q: Queryable, fromMs: number, toMs: number): Promise<readonly SourceRow[]> {
  const rows = await q.query<PerformanceLogRow>(readPerformance, [new Date(fromMs), new Date(toMs)]);
  return rows.flatMap(sourceRowsOf);
}

const MICROS_PER_MS = 1000;

function sourceRowsOf({ at, operation, subject, summary, duration_ms: durationMs, success }: PerformanceLogRow): SourceRow[] {
  const row = (measure: string, part: Measure): SourceRow[] =>
    part.n === 0 ? [] : [{ atMs: at.getTime(), measure, labels: { subject, [subject]: operation }, part }];
  const number = (key: string): number => (typeof summary?.[key] === 'number' ? summary[key] : 0);
  if (summary?.['kind'] !== 'summary') {
    const micros = durationMs * MICROS_PER_MS;
    return [
      ...row('duration_us', { n: 1, total: micros, low: micros, high: micros, slots: new Map([[slotOf(micros), 1]]) }),
      ...row('failures', { n: success ? 0 : 1 }),
    ];
  }
  const sketch = typeof summary['sketch'] === 'string' ? slotsOfHdr(summary['sketch']) : undefined;
  return [
    ...row('duration_us', {
      n: number('count'),
      total: number('sumMs') * MICROS_PER_MS,
      low: number('minMs') * MICROS_PER_MS,
      high: number('maxMs') * MICROS_PER_MS,
      ...(sketch === undefined ? {} : { slots: sketch }),
    }),
    ...row('failures', { n: number('failures') }),
    ...row('hits', { n: number('hits') }),
    ...row('misses', { n: number('misses') }),
  ];
}
