import { boards } from '../../boardList.js';
import type { BoardSpec } from '../../panels/spec.js';
import { coreVariables } from '../../panels/variables.js';
import { backEndsRow } from './backEnds.js';
import { collectorRow } from './collector.js';
import { sdkRow } from './sdk.js';
import { seriesRow } from './series.js';

/** Stage by stage: where telemetry can be lost, and whether it is. */
export function telemetryBoard(): BoardSpec {
  return { identity: boards.telemetry, variables: coreVariables(), rows: [sdkRow(), collectorRow(), backEndsRow(), seriesRow()], hours: 3 };
}
