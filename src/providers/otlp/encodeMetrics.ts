import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Exemplars } from '../exemplars/exemplars.js';
import type { SdkModules } from '../sdkModules.js';
import type { OtlpProtocol } from '../settings/signals.js';
import { withExemplars } from './encode/metricsJson.js';
import { createMetricsEncoder } from './encode/metricsRequest.js';

interface JsonCodec {
  serializeRequest(collected: ResourceMetrics): Uint8Array | undefined;
}

/** What makes the request of a collection, with its exemplars. */
export function createMetricsEncode(sdk: SdkModules, protocol: OtlpProtocol, exemplars: Pick<Exemplars, 'of'>): (collected: ResourceMetrics) => Uint8Array {
  if (protocol !== 'http/json') {
    const encode = createMetricsEncoder();
    return (collected) => encode(collected, exemplars.of(collected));
  }
  const { JsonMetricsSerializer: codec } = sdk.load('@opentelemetry/otlp-transformer') as { readonly JsonMetricsSerializer: JsonCodec };
  return (collected) => withExemplars(codec.serializeRequest(collected) ?? new Uint8Array(), collected, exemplars.of(collected));
}
