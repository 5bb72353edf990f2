import type { Meter, Tracer } from '@opentelemetry/api';
import type { MetricDefinition } from '../../../telemetry/catalogue/definitions.js';
import { mcpMetrics } from '../../../telemetry/catalogue/mcp.js';
import { createExactHistogram } from '../../../telemetry/instruments.js';
import type { RecordPoint, RecordSpanPoint } from '../../../telemetry/instruments.js';
import type { Clock } from '../../../time/clock.js';
import { ActiveRequests } from './activeRequests.js';

/** Where operations and sessions are written to. */
export interface Emitter {
  readonly tracer: Tracer;
  readonly clock: Clock;
  readonly active: ActiveRequests;
  /** Seconds. */
  readonly operation: { readonly received: RecordSpanPoint; readonly sent: RecordSpanPoint };
  /** Seconds. */
  readonly session: { readonly server: RecordPoint; readonly client: RecordPoint };
  /** Seconds. */
  readonly subscription: RecordPoint;
}

/** Sessions of a day or more, for `longSessions`; proposed as open-telemetry/semantic-conventions#3338. */
const LONG_SESSION_BUCKETS_S = [900, 3600, 14_400, 86_400] as const;

/** Makes all instruments of the MCP instrumentation. Attributes given to them come from profiles, which hold the catalogue's only. */
export function createEmitter(tracer: Tracer, meter: Meter, clock: Clock, longSessions: boolean): Emitter {
  const session = (definition: MetricDefinition): RecordPoint =>
    createExactHistogram(
      meter,
      longSessions ? { ...definition, buckets: [...(definition.buckets ?? []), ...LONG_SESSION_BUCKETS_S] } : definition,
    );
  return {
    tracer,
    clock,
    active: new ActiveRequests(meter),
    operation: {
      received: createExactHistogram(meter, mcpMetrics.serverOperationDuration),
      sent: createExactHistogram(meter, mcpMetrics.clientOperationDuration),
    },
    session: { server: session(mcpMetrics.serverSessionDuration), client: session(mcpMetrics.clientSessionDuration) },
    subscription: createExactHistogram(meter, mcpMetrics.serverSubscriptionDuration),
  };
}
