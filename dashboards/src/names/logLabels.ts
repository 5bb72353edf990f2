import { lokiIndexLabels } from '../../../src/telemetry/catalogue/backEnds.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME, ATTR_HANDOFF_OPERATION_NAME } from '../../../src/telemetry/semconv.js';
import { labelName } from './series.js';

/** Labels of Loki's streams. */
export const streamLabels: readonly string[] = lokiIndexLabels.map(labelName);

/** What a line has beside its text: attributes of the record, with dots as underscores, and what Loki adds. */
export const lineLabels = {
  event: labelName(ATTR_EVENT_NAME),
  level: 'detected_level',
  errorType: labelName(ATTR_ERROR_TYPE),
  operation: labelName(ATTR_HANDOFF_OPERATION_NAME),
  trace: 'trace_id',
  /** A number of milliseconds, on records of operations. */
  duration: 'durationMs',
} as const;
