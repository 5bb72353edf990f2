import type { CallRecord } from '../workload/calls.js';
import type { RunningWorkload } from '../workload/startWorkload.js';
import type { LokiApi } from './lokiApi.js';
import type { PrometheusApi } from './prometheusApi.js';
import type { Report } from './report.js';
import type { TempoApi } from './tempoApi.js';

/** What the checks of one run have in common. */
export interface Run {
  readonly report: Report;
  readonly workload: RunningWorkload;
  /** The calls that were made before the checks began, while nothing else is. */
  readonly calls: readonly CallRecord[];
  /** The Prometheus is one that has to have loaded our rules. */
  readonly rulesAreExpected: boolean;
  readonly prometheus: PrometheusApi | undefined;
  readonly tempo: TempoApi | undefined;
  readonly loki: LokiApi | undefined;
}

/** From before the workload until now. */
export function times({ workload }: Run): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: workload.startedMs - 60_000, toMs: Date.now() };
}

/** Telemetry passes the queues of the SDK, of the collector, and what the back end itself takes. */
export const patience = {
  prometheus: { forMs: 60_000, everyMs: 3000 },
  loki: { forMs: 90_000, everyMs: 3000 },
  /** Tempo leaves the newest half minute out of searches. */
  tempo: { forMs: 180_000, everyMs: 10_000 },
} as const;
