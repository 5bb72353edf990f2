import { quietly } from '../../../errors/quietly.js';
import type { DetectorStateError } from '../../../errors/anomalyErrors.js';
import { anomalyEvents } from '../../../telemetry/catalogue/anomalies.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_EVENT_NAME,
  ATTR_HANDOFF_ANOMALY_KIND,
  ATTR_HANDOFF_ANOMALY_SEVERITY,
  ATTR_HANDOFF_ANOMALY_SUBJECT,
} from '../../../telemetry/semconv.js';
import { anomalyOf } from './anomaly.js';
import type { Anomaly } from './anomaly.js';
import type { AnomalyDependencies } from './dependencies.js';
import type { Judgement } from './judge.js';

/** A series, perhaps one that is no longer known. */
interface Named {
  readonly kind: string;
  readonly subject: string;
}

type ReportDependencies = Pick<AnomalyDependencies, 'log' | 'record' | 'grafanaUrl'>;

/** Tells metrics and the log what a transaction did, once it is committed: no other process has done the same. Never throws. */
export function tell({ log, record, grafanaUrl }: ReportDependencies, series: Named, judgement: Omit<Judgement, 'hasMore'>): void {
  record.judged(judgement.buckets, { [ATTR_HANDOFF_ANOMALY_KIND]: series.kind });
  if (judgement.restart !== undefined) tellRestart(log, series, judgement.restart);
  for (const row of judgement.began) {
    record.found(1, { [ATTR_HANDOFF_ANOMALY_KIND]: row.kind, [ATTR_HANDOFF_ANOMALY_SEVERITY]: row.severity });
    // One that has ended by now is told as it was, and then as ended.
    const anomaly = anomalyOf({ ...row, ended_at: null, end_cause: null }, grafanaUrl);
    quietly(() => log.warn({ [ATTR_EVENT_NAME]: anomalyEvents.began.name, ...fieldsOf(anomaly) }, anomaly.description));
  }
  for (const row of judgement.ended) {
    const anomaly = anomalyOf(row, grafanaUrl);
    const fields = { [ATTR_EVENT_NAME]: anomalyEvents.ended.name, ...fieldsOf(anomaly), endedAt: anomaly.endedAt, cause: anomaly.endCause };
    quietly(() => log.info(fields, anomaly.description));
  }
}

function tellRestart(log: AnomalyDependencies['log'], { kind, subject }: Named, error: DetectorStateError): void {
  const of = { [ATTR_HANDOFF_ANOMALY_KIND]: kind, [ATTR_HANDOFF_ANOMALY_SUBJECT]: subject };
  quietly(() =>
    log.warn(
      { [ATTR_EVENT_NAME]: anomalyEvents.restarted.name, ...of, [ATTR_ERROR_TYPE]: error.code, problem: error.data.problem },
      'a detector of anomalies begins anew, since what was kept of it cannot be used; it learns from the buckets that are kept',
    ),
  );
}

function fieldsOf(anomaly: Anomaly): object {
  const { id, type, subject, severity, direction, timestamp, observed, expected, unit, traceIds, dashboardUrl } = anomaly;
  return {
    [ATTR_HANDOFF_ANOMALY_KIND]: type,
    [ATTR_HANDOFF_ANOMALY_SUBJECT]: subject,
    [ATTR_HANDOFF_ANOMALY_SEVERITY]: severity,
    id,
    direction,
    startedAt: timestamp,
    observed,
    expected,
    unit,
    traceIds,
    ...(dashboardUrl === null ? {} : { dashboardUrl }),
  };
}
