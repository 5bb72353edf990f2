import type { HealthReport } from '../../monitoring/health/report.js';
import type { AdminSource, MetricsAnswer } from './adminSource.js';
import { captureAnswer } from './captureAnswer.js';
import type { MetricsHandler } from './captureAnswer.js';
import type { Readiness } from './readiness.js';

/** What the admin port tells about the process. */
export interface AdminSubject {
  /** Answers with the metrics in the Prometheus text format. */
  readonly metricsHandler: MetricsHandler;
  /** Reports whether calls can succeed. Never rejects, and answers in time even when something hangs. */
  readonly isReady: () => Promise<Readiness>;
  /** Tells how the parts are; see `Monitoring`. */
  readonly health: {
    healthReport(): Promise<HealthReport>;
    onHealth(listener: (report: HealthReport) => void): () => void;
  };
}

const UNWRITTEN: MetricsAnswer = {
  status: 500,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'The metrics could not be written.\n',
};

/** Collects the metrics now. A handler that throws must not end the process; a scraper reports the 500. */
export async function collectMetrics({ metricsHandler }: Pick<AdminSubject, 'metricsHandler'>, accept: string): Promise<MetricsAnswer> {
  return captureAnswer(metricsHandler, accept).catch(() => UNWRITTEN);
}

/** The source of a port that the main thread serves by itself: whoever gets an answer knows that it lives. */
export function mainThreadSource(subject: AdminSubject): AdminSource {
  return {
    silentMs: () => 0,
    isReady: subject.isReady,
    health: async () => ({ report: await subject.health.healthReport(), ageMs: 0 }),
    metrics: async (accept) => ({ ...(await collectMetrics(subject, accept)), ageMs: 0 }),
  };
}
