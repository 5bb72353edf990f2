import type { Resource } from '@opentelemetry/resources';
import { PACKAGE_VERSION, SCOPE_NAME } from '../../../telemetry/scope.js';
import { proxyVariables } from '../../pipeline/otlp/proxyVariables.js';
import type { BatchOutlet, LogSettings } from '../../settings/otelSettings.js';
import type { LogThreadStart } from './logThread.js';

/** Options of pino-opentelemetry-transport that make it send what the process itself would send, to where it would. */
export function transportOptions({ outlets }: LogSettings, resource: Resource): LogThreadStart {
  return {
    loggerName: SCOPE_NAME,
    serviceVersion: PACKAGE_VERSION,
    resourceAttributes: settledAttributes(resource),
    logRecordProcessorOptions: outlets.map(({ target, batch }) => ({
      recordProcessorType: 'batch',
      exporterOptions: exporterOptions(target),
      // A chunk is one request of the transport, so that its answer stands for the whole chunk.
      processorConfig: { maxExportBatchSize: batch.maxBatchSize, maxQueueSize: batch.maxQueueSize },
    })),
  };
}

/** gRPC takes its headers and certificates from the environment only: they are objects that cannot go to a thread. */
function exporterOptions({ protocol, url, headers, compression, timeoutMs, tls }: BatchOutlet['target']): object {
  const common = { url, compression, timeoutMillis: timeoutMs };
  if (protocol === 'grpc') return { protocol, grpcExporterOptions: common };
  const proxyEnv = proxyVariables();
  const options = { ...common, headers, httpAgentOptions: { keepAlive: true, ...tls, ...(proxyEnv === undefined ? {} : { proxyEnv }) } };
  return protocol === 'http/json' ? { protocol: 'http', httpExporterOptions: options } : { protocol, protobufExporterOptions: options };
}

/** Not `resource.attributes`: read before all of them are there, it complains. The first of a name counts. */
function settledAttributes(resource: Resource): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const [key, value] of resource.getRawAttributes()) {
    if (value !== undefined && !(key in attributes) && !(value instanceof Promise)) attributes[key] = value;
  }
  return attributes;
}
