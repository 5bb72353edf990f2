import type { AnomalyKind, AnomalySeverity } from '../../../telemetry/catalogue/anomalies.js';
import { parseTraceparent } from '../../../telemetry/traceparent.js';
import { dashboardUrl } from './dashboardUrl.js';
import { descriptionOf } from './describe.js';
import { fixedSeries } from './fixedSeries.js';
import { keyOf } from './series.js';
import type { Series } from './series.js';
import type { AnomalyRow, Direction, EndCause } from './sql/anomalies.js';
import { ofTools } from './toolSeries.js';

/** Something unusual in one of the service's own series, from its first to its last bucket of five minutes. */
export interface Anomaly {
  /** Stays the same while the anomaly lasts and afterwards. */
  readonly id: string;
  /** Start of the first bucket that was out of the ordinary. */
  readonly timestamp: Date;
  readonly type: AnomalyKind;
  /** The operation or the metric; '' for everything of the type. */
  readonly subject: string;
  /** What happened, since when, and how far from what was expected, in one or two sentences. */
  readonly description: string;
  /** How rare it is by the history of the series, and not how harmful. */
  readonly severity: AnomalySeverity;
  /** `unsteady`: values vary or change as they never did, around what is expected. `missing`: nothing was measured. */
  readonly direction: Direction;
  readonly detectedAt: Date;
  /** `null` while it lasts. */
  readonly endedAt: Date | null;
  readonly endCause: EndCause | null;
  /** Of `observed`, `expected` and the evidence; '' for counts. */
  readonly unit: Series['unit'];
  /** Start of the bucket that was furthest from what was expected. */
  readonly peakAt: Date;
  /** Value of that bucket; `null` where nothing was measured. */
  readonly observed: number | null;
  /** `null` where nothing is known. */
  readonly expected: number | null;
  /** The band that 98 of 100 recent values were in. */
  readonly expectedLow: number | null;
  readonly expectedHigh: number | null;
  /** Up to 24 buckets: six before the first unusual one, and from there on. `count` is the calls, rows or samples of the bucket. */
  readonly evidence: readonly { readonly timestamp: Date; readonly value: number | null; readonly count: number }[];
  /** Up to five traces of slow or failed calls within it, where any are known. */
  readonly traceIds: readonly string[];
  /** Where the board shows that time; `null` without `HANDOFF_GRAFANA_URL`. */
  readonly dashboardUrl: string | null;
}

const byKey = new Map(fixedSeries.map((series) => [keyOf(series), series]));

/** Anomalies of earlier releases may be about a series that this one does not know: they are told with what is known. */
function seriesOf({ kind, subject }: AnomalyRow): Pick<Series, 'title' | 'unit'> {
  const known = byKey.get(keyOf({ kind, subject })) ?? ofTools(subject, [subject]).find((series) => series.kind === kind);
  return known ?? { title: `${kind} ${subject}`.trim(), unit: '' };
}

export function anomalyOf(row: AnomalyRow, grafanaUrl: string | undefined): Anomaly {
  const series = seriesOf(row);
  const facts = {
    direction: row.direction,
    observed: row.observed,
    expected: row.expected,
    expectedLow: row.expected_low,
    expectedHigh: row.expected_high,
    startedAt: row.started_at,
    detectedAt: row.detected_at,
    endedAt: row.ended_at,
  };
  const { startedAt: timestamp, ...figures } = facts;
  return {
    id: row.id,
    timestamp,
    type: row.kind,
    subject: row.subject,
    description: descriptionOf(series, facts),
    severity: row.severity,
    ...figures,
    endCause: row.end_cause,
    unit: series.unit,
    peakAt: row.peak_at,
    evidence: row.evidence.map(({ at, value, count }) => ({ timestamp: new Date(at), value, count })),
    traceIds: row.traces.flatMap((text) => parseTraceparent(text)?.traceId ?? []),
    dashboardUrl: dashboardUrl(grafanaUrl, row.kind, row.started_at, row.ended_at),
  };
}
