import type { Attributes } from '@opentelemetry/api';
import type { Operation } from '../emission/operation.js';
import { ATTR_MCP_PROTOCOL_VERSION, ATTR_NETWORK_PROTOCOL_NAME, ATTR_NETWORK_TRANSPORT } from '../../../telemetry/semconv.js';
import type { Scope } from '../scope/scope.js';

const KEPT = [ATTR_MCP_PROTOCOL_VERSION, ATTR_NETWORK_PROTOCOL_NAME, ATTR_NETWORK_TRANSPORT] as const;

/** Starts timing an acknowledged subscription; call the returned function when the stream ends. */
export function openSubscription(scope: Scope, { parts }: Operation): () => void {
  const { clock, subscription } = scope.shared.emitter;
  const startMs = clock.monotonicMs();
  const attributes: Attributes = {};
  for (const key of KEPT) {
    const value = parts.profile.metricAttributes[key];
    if (value !== undefined) attributes[key] = value;
  }
  let open = true;
  return () => {
    if (!open) return;
    open = false;
    subscription((clock.monotonicMs() - startMs) / 1000, attributes);
  };
}
