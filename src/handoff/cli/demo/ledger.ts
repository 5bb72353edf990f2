import type { ReceivedTelemetry } from '../../../testing/receiverTypes.js';
import type { ResourceRecord } from '../../../testing/records.js';

/** Returns what the processes of a run sent, record by record, as JSON text to compare with what a collector wrote. */
export function ledgerOf(received: ReceivedTelemetry): string {
  return JSON.stringify({
    spans: received.spans().map(({ traceId, spanId, resource }) => ({ traceId, spanId, ...service(resource) })),
    metricPoints: received
      .metricPoints()
      .map(({ metric, timeUnixNano, resource }) => ({ name: metric, timeUnixNano: String(timeUnixNano), ...service(resource) })),
    logRecords: received.logRecords().map(({ timeUnixNano, severityNumber, traceId, spanId, resource }) => ({
      timeUnixNano: String(timeUnixNano),
      severityNumber,
      ...(traceId === undefined ? {} : { traceId }),
      ...(spanId === undefined ? {} : { spanId }),
      ...service(resource),
    })),
  });
}

function service({ attributes }: ResourceRecord): { serviceName: string; serviceInstanceId?: string } {
  const { 'service.name': name, 'service.instance.id': instance } = attributes;
  return { serviceName: typeof name === 'string' ? name : '', ...(typeof instance === 'string' ? { serviceInstanceId: instance } : {}) };
}
