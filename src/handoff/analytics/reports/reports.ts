import { analyticsOperations } from '../../../telemetry/catalogue/analytics.js';
import type { ReportName } from '../../../telemetry/catalogue/analytics.js';
import { errorType } from '../../../telemetry/errorType.js';
import type { RecordPoint } from '../../../telemetry/instruments.js';
import type { Observe } from '../../../telemetry/observe.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_ANALYTICS_REPORT } from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import type { Database } from '../../storage/database.js';
import type { ReportQuery } from './options.js';
import { ReportReader } from './reader.js';

export interface ReportDependencies {
  readonly database: Database;
  readonly observe: Observe;
  readonly clock: Clock;
  readonly recordQuery: RecordPoint;
  /** Days that trends are calculated from. */
  readonly trendDays: () => number;
}

/** Makes one report, as an operation. Rejects with `TimeRangeError`. */
export function makeReport<Made>(
  deps: ReportDependencies,
  name: ReportName,
  query: ReportQuery,
  make: (reader: ReportReader, trendDays: number) => Promise<Made>,
): Promise<Made> {
  const attributes = { [ATTR_HANDOFF_ANALYTICS_REPORT]: name };
  const startMs = deps.clock.monotonicMs();
  const recordDuration = (failure: object = {}): void =>
    deps.recordQuery((deps.clock.monotonicMs() - startMs) / 1000, { ...attributes, ...failure });
  return deps.observe(analyticsOperations.report.name, attributes, async () => {
    try {
      const made = await make(await ReportReader.open(deps.database, name, query, deps.clock.nowMs()), deps.trendDays());
      recordDuration();
      return made;
    } catch (error) {
      recordDuration({ [ATTR_ERROR_TYPE]: errorType(error) });
      throw error;
    }
  });
}
