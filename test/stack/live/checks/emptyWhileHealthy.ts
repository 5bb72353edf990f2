/**
 * Queries whose series appear with the first failure, and the fault that has to fill each of them while it lasts. By board, panel and
 * letter of the query.
 */
export const filledBy: Readonly<Record<string, string>> = {
  'handoff-business: HTTP refusals per second, by reason / A': 'a page of a stranger asks',
  'handoff-databases: Errors per second, by type / A': 'a table is gone',
  'handoff-lifecycle: Anomalies found per second, by kind and severity / A': 'a tool takes a hundred times as long as it did for a week',
  'handoff-lifecycle: Buckets examined per second, by kind / A': 'a tool takes a hundred times as long as it did for a week',
  'handoff-lifecycle: How far detectors are behind / A': 'a tool takes a hundred times as long as it did for a week',
  'handoff-lifecycle: Duration p95 of a run of the detectors / A': 'a tool takes a hundred times as long as it did for a week',
  'handoff-lifecycle: Runs that fail per second, by error / A': 'a table is gone',
  'handoff-lifecycle: Sweeps that fail per second, by error / A': 'a table is gone',
  'handoff-lifecycle: Failures of the queue per second, by error / A': 'PostgreSQL is killed',
  'handoff-lifecycle: Impossible states per second, by problem / A': 'a transaction holds a due session, and an entry of another is lost',
  'handoff-lifecycle: Failures of the object store per second, by call and error / A': 'a file is where the archive has its folder',
  'handoff-telemetry: Dropped per second, by reason / A': 'a process sends spans and logs to a wrong address, from short queues',
  'handoff-telemetry: Dropped per second, by reason / B': 'a process sends spans and logs to a wrong address, from short queues',
  'handoff-telemetry: Failed exports per second, by error / A': 'a process sends spans and logs to a wrong address, from short queues',
  'handoff-telemetry: Failed exports per second, by error / B': 'a process sends spans and logs to a wrong address, from short queues',
  'handoff-telemetry: Lost at the queues, per second / A': 'Tempo and Loki are down',
  'handoff-telemetry: Lost at the queues, per second / C': 'Tempo and Loki are down',
  'handoff-telemetry: Refused by the back ends, per second / A': 'Tempo and Loki refuse the data',
  'handoff-telemetry: Refused by the back ends, per second / C': 'Tempo and Loki refuse the data',
  'handoff-telemetry: Refused by the memory limiter, per second / A': 'the collector has too little memory',
  'handoff-telemetry: Refused by the memory limiter, per second / B': 'the collector has too little memory',
  'handoff-telemetry: Refused by the memory limiter, per second / C': 'the collector has too little memory',
  'handoff-telemetry: Samples that Prometheus dropped, per second / C':
    'somebody pushes a point that is too old, and a metric without points',
};

/** Queries that nothing here fills, with the reason. One that returns data all the same fails the run, so that the list stays true. */
export const neverFilled: Readonly<Record<string, string>> = {
  'handoff-business: Cache hits / A': 'the handoff server only writes to its cache',
  'handoff-databases: Cache hits / A': 'the handoff server only writes to its cache',
  'handoff-monitoring: Cache hits / A': 'the handoff server only writes to its cache',
  'handoff-business: Records missing in log files, per second / A': 'no server here writes a log file',
  'handoff-lifecycle: Runs of the detectors that fail per second, by error / A': 'what is held is passed by, and nothing else fails',
  'handoff-lifecycle: Files per second, by language / A': 'no agent here analyses code',
  'handoff-lifecycle: Files not analysed per second, by reason / A': 'no agent here analyses code',
  'handoff-lifecycle: Duration of an analysis / A': 'no agent here analyses code',
  'handoff-lifecycle: Duration of an analysis / B': 'no agent here analyses code',
  'handoff-telemetry: Lost at the queues, per second / B':
    'a full queue to Prometheus holds its own report back; test/stack/outages has Prometheus away',
  'handoff-telemetry: Refused by the back ends, per second / B':
    'a batch that Prometheus refuses takes the points of all services with it; test/stack/outages counts them',
  'handoff-telemetry: Series beyond the limit of a process / A':
    'it takes 2,000 tools of one server; CardinalityOverflow is raised by another metric',
};

/** Queries about what happens now and then, so that they may return nothing at the moment they are asked first; later they have to. */
export const sometimesEmpty: readonly string[] = [
  // Pools open connections when they need more, or after one broke.
  'handoff-databases: Opening a connection / A',
  'handoff-databases: Opening a connection / B',
  // Processes look once a minute, and detectors run when there is something to judge: hardly twice in a short window.
  'handoff-lifecycle: How far detectors are behind / A',
  'handoff-lifecycle: Buckets examined per second, by kind / A',
  'handoff-lifecycle: Duration p95 of a run of the detectors / A',
  // On a busy machine a part is slow now and then, and so is a statement; faults fill them for sure.
  'handoff-monitoring: Parts that are not healthy, by server / A',
  'handoff-monitoring: Parts that are not healthy, by server / B',
  'handoff-monitoring: Parts that are not healthy, by server / C',
  'handoff-monitoring: Features that are off, by server / A',
  'handoff-monitoring: Slow statements per second, by name / A',
  // Its window, divided, holds few handoffs.
  'recording rules: job:handoff_success_bad_events:ratio5m',
];

/** Queries that Debian's Prometheus never answers: it does not have the metric. */
export const onlyPushed: readonly string[] = ['handoff-telemetry: Samples that Prometheus dropped, per second / C'];
