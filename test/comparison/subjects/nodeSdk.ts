import type { Subject } from '../subject.js';
import { KeptSpans, idleReader, otelHost } from './host.js';
import { requireOf } from './peerModules.js';
import type { PeerName } from './peerModules.js';

/** OpenTelemetry's Node SDK in a peer's folder, started with that instrumentation as OpenTelemetry documents it. */
export function startNodeSdk(peer: PeerName, instrumentation: object): Pick<Subject, 'inSpan' | 'spans' | 'points' | 'clear'> {
  const load = requireOf(peer);
  const kept = new KeptSpans();
  const reader = idleReader(load('@opentelemetry/sdk-metrics'));
  const { NodeSDK } = load('@opentelemetry/sdk-node');
  new NodeSDK({
    spanProcessors: [kept],
    metricReaders: [reader],
    logRecordProcessors: [],
    autoDetectResources: false,
    instrumentations: [instrumentation],
  }).start();
  return otelHost(load('@opentelemetry/api'), kept, reader);
}
