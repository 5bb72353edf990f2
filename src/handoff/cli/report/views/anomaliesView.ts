import type { Anomaly } from '../../../analytics/findings/anomaly.js';
import { fullTimes } from './times.js';
import type { ReportView } from './view.js';

const time = fullTimes('UTC');

/** Shows what is unusual now, and lately was. */
export function anomaliesView(anomalies: readonly Anomaly[]): ReportView {
  return {
    title: 'Anomalies',
    question: 'Is anything out of the ordinary? Times are UTC.',
    figures: [
      { label: 'Ongoing', value: anomalies.filter(({ endedAt }) => endedAt === null).length, unit: 'count' },
      { label: 'Ended', value: anomalies.filter(({ endedAt }) => endedAt !== null).length, unit: 'count' },
    ],
    charts: [],
    tables:
      anomalies.length === 0
        ? []
        : [
            {
              title: 'Anomalies: ongoing ones first, then the newest',
              columns: [{ heading: 'since' }, { heading: 'until' }, { heading: 'severity' }, { heading: 'what', wrap: true }],
              rows: anomalies.map(({ timestamp, endedAt, severity, description }) => [
                time(timestamp),
                endedAt === null ? 'it lasts' : time(endedAt),
                severity,
                description,
              ]),
            },
          ],
  };
}
