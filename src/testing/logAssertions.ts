import { inspect } from 'node:util';
import { matchesAttributes, matchesText, type AttributeExpectations, type TextExpectation } from './attributeMatch.js';
import { describeLog } from './describe.js';
import type { LogRecord } from './records.js';
import { mismatch } from './telemetryMismatchError.js';

/** What a log record must be; fields not given may be anything. */
export interface LogQuery {
  /** Compared with the body, or with its printed form when it is not a string. */
  readonly body?: TextExpectation;
  readonly eventName?: TextExpectation;
  readonly severityText?: string;
  /** At least this severe: 9 info, 13 warn, 17 error. */
  readonly severityNumberMin?: number;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly attributes?: AttributeExpectations;
  /** Attributes of the sending process, such as `service.name`. */
  readonly resource?: AttributeExpectations;
}

/** All log records that match, in the order given. */
export function findLogs(logs: readonly LogRecord[], query: LogQuery): readonly LogRecord[] {
  return logs.filter(
    (log) =>
      matchesText(typeof log.body === 'string' ? log.body : inspect(log.body), query.body) &&
      matchesText(log.eventName ?? '', query.eventName) &&
      (query.severityText === undefined || log.severityText === query.severityText) &&
      (query.severityNumberMin === undefined || log.severityNumber >= query.severityNumberMin) &&
      (query.traceId === undefined || log.traceId === query.traceId) &&
      (query.spanId === undefined || log.spanId === query.spanId) &&
      matchesAttributes(log.attributes, query.attributes) &&
      matchesAttributes(log.resource.attributes, query.resource),
  );
}

/**
 * The one log record that matches. Throws TelemetryMismatchError when there is none, or more than one: two log bridges
 * installed at once send every record twice, and a looser check would not notice.
 */
export function expectLog(logs: readonly LogRecord[], query: LogQuery): LogRecord {
  const matched = findLogs(logs, query);
  const [only] = matched;
  if (only === undefined || matched.length > 1) throw mismatch('log record', query, matched, logs, describeLog);
  return only;
}
