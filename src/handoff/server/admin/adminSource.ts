import type { HealthReport } from '../../monitoring/health/report.js';
import type { Readiness } from './readiness.js';

/** What the admin port tells, wherever it is served. No method rejects, and each answers in time even when something hangs. */
export interface AdminSource {
  /** For how long the main thread has given no sign of life, in milliseconds. */
  silentMs(): number;
  /** Whether calls can succeed. */
  isReady(): Promise<Readiness>;
  /** `undefined` where the health is not known in time. */
  health(): Promise<HealthSnapshot | undefined>;
  /** `undefined` where no metrics were collected in time, now or before. */
  metrics(accept: string): Promise<MetricsSnapshot | undefined>;
}

export interface HealthSnapshot {
  readonly report: HealthReport;
  /** For how long it has been on the way or kept, in milliseconds: so much older its results are. */
  readonly ageMs: number;
}

/** An answer of `metricsHandler`, as it was given. */
export interface MetricsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface MetricsSnapshot extends MetricsAnswer {
  /** In milliseconds; 0 for one that was made for the request. */
  readonly ageMs: number;
}
