import { boards } from '../../boardList.js';
import type { BoardSpec } from '../../panels/spec.js';
import { graphRow } from './graphRow.js';
import { linesRow, volumeRow } from './logRows.js';
import { traceMetricsRow, tracesRow } from './traceRows.js';
import { logVariables } from './variables.js';

/** From a figure to the single call: lines, traces, and who called whom. */
export function logsBoard(): BoardSpec {
  return {
    identity: boards.logs,
    variables: logVariables(),
    rows: [tracesRow(), volumeRow(), linesRow(), traceMetricsRow(), graphRow()],
    hours: 1,
  };
}
