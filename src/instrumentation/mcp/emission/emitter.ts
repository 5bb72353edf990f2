import type { Meter, Tracer } from '@opentelemetry/api';
import type { MetricDefinition } from '../../../telemetry/catalogue/definitions.js';
import { mcpMetrics } from '../../../telemetry/catalogue/mcp.js';
import { createExactHistogram } from '../../../telemetry/instruments.js';
import type { RecordPoint, RecordSpanPoint } from '../../../telemetry/instruments.js';
import type { Clock } from '../../../time/clock.js';
import { ActiveRequests } from './activeRequests.js';

/** The destination of operations and sessions. */
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

/** An emitter whose tracer and meter may change: hosts set the providers of an `Instrumentation` when their SDK starts. */
export interface MovableEmitter extends Emitter {
  /** Sends spans started and points recorded from now on to `target`; an open span ends where it began. */
  moveTo(target: EmitterTarget): void;
}

export interface EmitterTarget {
  readonly tracer?: Tracer;
  readonly meter?: Meter;
}

/** Sessions of a day or more, for `longSessions`; proposed as open-telemetry/semantic-conventions#3338. */
const LONG_SESSION_BUCKETS_S = [900, 3600, 14_400, 86_400] as const;

/** Creates all instruments of the MCP instrumentation. Their attributes come from profiles, which hold only those in the catalogue. */
export function createEmitter(tracer: Tracer, meter: Meter, clock: Clock, longSessions: boolean): MovableEmitter {
  const active = new ActiveRequests(meter);
  let currentTracer = tracer;
  let points = createPoints(meter, longSessions);
  // Operations and sessions keep these functions while they are open, hence the indirection to the current instruments.
  return {
    get tracer() {
      return currentTracer;
    },
    clock,
    active,
    operation: {
      received: (value, attributes, span) => points.received(value, attributes, span),
      sent: (value, attributes, span) => points.sent(value, attributes, span),
    },
    session: {
      server: (value, attributes) => points.serverSession(value, attributes),
      client: (value, attributes) => points.clientSession(value, attributes),
    },
    subscription: (value, attributes) => points.subscription(value, attributes),
    moveTo: (target) => {
      currentTracer = target.tracer ?? currentTracer;
      if (target.meter === undefined) return;
      points = createPoints(target.meter, longSessions);
      active.reportTo(target.meter);
    },
  };
}

interface Points {
  readonly received: RecordSpanPoint;
  readonly sent: RecordSpanPoint;
  readonly serverSession: RecordPoint;
  readonly clientSession: RecordPoint;
  readonly subscription: RecordPoint;
}

function createPoints(meter: Meter, longSessions: boolean): Points {
  const session = (definition: MetricDefinition): RecordPoint =>
    createExactHistogram(
      meter,
      longSessions ? { ...definition, buckets: [...(definition.buckets ?? []), ...LONG_SESSION_BUCKETS_S] } : definition,
    );
  return {
    received: createExactHistogram(meter, mcpMetrics.serverOperationDuration),
    sent: createExactHistogram(meter, mcpMetrics.clientOperationDuration),
    serverSession: session(mcpMetrics.serverSessionDuration),
    clientSession: session(mcpMetrics.clientSessionDuration),
    subscription: createExactHistogram(meter, mcpMetrics.serverSubscriptionDuration),
  };
}
