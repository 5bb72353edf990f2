import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { Context, Tracer } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR_GEN_AI_TOOL_NAME, ATTR_MCP_METHOD_NAME } from '../../../telemetry/semconv.js';

/** The agents' side of the demo's traces: what an instrumented MCP client would send. */
export interface AgentTelemetry {
  /** Runs `work` as one task of an agent, with its own root span and trace. */
  task<T>(name: string, work: (task: AgentTask) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface AgentTask {
  readonly traceId: string;
  /** Runs one MCP request in a CLIENT span; `meta` goes into the request's `_meta`. */
  request<T>(method: string, target: string | undefined, send: (meta: Record<string, string>, spanId: string) => Promise<T>): Promise<T>;
}

/** Sends spans to `otlpEndpoint` under the service name `demo-agents`. Sets no globals: the demo itself does not run an SDK. */
export function createAgentTelemetry(otlpEndpoint: string): AgentTelemetry {
  const exporter = new OTLPTraceExporter({ url: `${otlpEndpoint}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'demo-agents' }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('handoff-otel-demo');
  return {
    task: async (name, work) => {
      const span = tracer.startSpan(name, { kind: SpanKind.INTERNAL, root: true });
      try {
        return await work(agentTask(tracer, span.spanContext().traceId, trace.setSpan(context.active(), span)));
      } finally {
        span.end();
      }
    },
    close: () => provider.shutdown(),
  };
}

function agentTask(tracer: Tracer, traceId: string, parent: Context): AgentTask {
  const propagator = new W3CTraceContextPropagator();
  return {
    traceId,
    request: async (method, target, send) => {
      const attributes = { [ATTR_MCP_METHOD_NAME]: method, ...(target === undefined ? {} : { [ATTR_GEN_AI_TOOL_NAME]: target }) };
      const span = tracer.startSpan(target === undefined ? method : `${method} ${target}`, { kind: SpanKind.CLIENT, attributes }, parent);
      const meta: Record<string, string> = {};
      propagator.inject(trace.setSpan(parent, span), meta, { set: (carrier, key, value) => void Object.assign(carrier, { [key]: value }) });
      try {
        return await send(meta, span.spanContext().spanId);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
  };
}
