/** Queries whose series appear with the first failure: a fault has to fill them. By board, panel and letter of the query. */
export const emptyWhileHealthy: readonly string[] = [
  'handoff-business: HTTP refusals per second, by reason / A',
  'handoff-databases: Errors per second, by type / A',
  'handoff-telemetry: Dropped per second, by reason / A',
  'handoff-telemetry: Dropped per second, by reason / B',
  'handoff-telemetry: Failed exports per second, by error / A',
  'handoff-telemetry: Failed exports per second, by error / B',
  'handoff-telemetry: Lost at the queues, per second / A',
  'handoff-telemetry: Lost at the queues, per second / B',
  'handoff-telemetry: Lost at the queues, per second / C',
  'handoff-telemetry: Refused by the back ends, per second / A',
  'handoff-telemetry: Refused by the back ends, per second / B',
  'handoff-telemetry: Refused by the back ends, per second / C',
  'handoff-telemetry: Refused by the memory limiter, per second / A',
  'handoff-telemetry: Refused by the memory limiter, per second / B',
  'handoff-telemetry: Refused by the memory limiter, per second / C',
  'handoff-telemetry: Samples that Prometheus threw away, per second / C',
  'handoff-telemetry: Series beyond the limit of a process / A',
];

/** Queries about what happens now and then, so that they may return nothing at the moment they are asked first; later they have to. */
export const sometimesEmpty: readonly string[] = [
  // Pools open connections when they need more, or after one broke.
  'handoff-databases: Opening a connection / A',
  'handoff-databases: Opening a connection / B',
  // Its window, divided, holds few handoffs.
  'recording rules: job:handoff_success_bad_events:ratio5m',
];

/** Queries that Debian's Prometheus never answers: it does not have the metric. */
export const onlyPushed: readonly string[] = ['handoff-telemetry: Samples that Prometheus threw away, per second / C'];
