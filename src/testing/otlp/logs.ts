import type { LogRecord, ResourceRecord, ScopeRecord } from '../records.js';
import { anyValue, attributesOf, resourceOf, scopeOf } from './attributes.js';
import type { Batch } from './batch.js';
import { integerField, messagesField, numberField, textField, type Message } from './fields.js';
import { spanIdOf, traceIdOf } from './ids.js';

/** The records of an ExportLogsServiceRequest. Invalid ids are dropped from the record, as the log data model specifies. */
export function logRecordsOf(request: Message): Batch<LogRecord> {
  const records: LogRecord[] = [];
  for (const resourceLogs of messagesField(request, 'resourceLogs')) {
    const resource = resourceOf(resourceLogs);
    for (const scopeLogs of messagesField(resourceLogs, 'scopeLogs')) {
      const scope = scopeOf(scopeLogs);
      for (const log of messagesField(scopeLogs, 'logRecords')) records.push(logOf(log, scope, resource));
    }
  }
  return { records, rejected: 0, reason: '' };
}

function logOf(log: Message, scope: ScopeRecord, resource: ResourceRecord): LogRecord {
  const eventName = textField(log, 'eventName');
  const traceId = traceIdOf(log);
  const spanId = spanIdOf(log);
  return {
    timeUnixNano: integerField(log, 'timeUnixNano'),
    observedTimeUnixNano: integerField(log, 'observedTimeUnixNano'),
    severityNumber: numberField(log, 'severityNumber'),
    severityText: textField(log, 'severityText'),
    body: anyValue(log['body']),
    attributes: attributesOf(log),
    ...(eventName === '' ? {} : { eventName }),
    ...(traceId ? { traceId } : {}),
    ...(spanId ? { spanId } : {}),
    flags: numberField(log, 'flags'),
    scope,
    resource,
  };
}
