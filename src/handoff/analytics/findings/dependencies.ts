import type { Log } from '../../../telemetry/log.js';
import type { Observe } from '../../../telemetry/observe.js';
import type { RecordPoint } from '../../../telemetry/instruments.js';
import type { Clock } from '../../../time/clock.js';
import type { Database } from '../../storage/database.js';

/** Points of the metrics of anomalies; see `anomalyMetrics`. */
export interface AnomalyRecorders {
  readonly found: RecordPoint;
  readonly open: RecordPoint;
  readonly lag: RecordPoint;
  readonly stateSize: RecordPoint;
  readonly duration: RecordPoint;
  readonly judged: RecordPoint;
}

/** Dependencies of everything in this folder. */
export interface AnomalyDependencies {
  readonly database: Database;
  readonly observe: Observe;
  /** Only for time limits and durations: which buckets are judged is decided by the database's clock. */
  readonly clock: Clock;
  readonly log: Log;
  readonly record: AnomalyRecorders;
  /** 0 to 1, read in each run, because it may change. */
  readonly sensitivity: () => number;
  /** How many days back anomalies are told; read when they are asked for. */
  readonly trendDays: () => number;
  /** Address of Grafana, for links; `undefined` where there is none. */
  readonly grafanaUrl: string | undefined;
}
