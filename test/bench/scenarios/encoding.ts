import { SpanKind, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { exportRequest } from '../../../src/instrumentation/pipeline/otlp/encode/exportRequest.js';
import { createSpanEncoder } from '../../../src/instrumentation/pipeline/otlp/encode/spanEncoder.js';
import { loadSdk } from '../../../src/instrumentation/sdk/sdkModules.js';
import { insertEntry } from '../../../src/handoff/sessions/sql/insertEntry.js';
import type { Scenario } from '../scenario.js';
import { median, spread } from '../statistics.js';

const BATCH_SPANS = 512;
const ROUNDS_MIN = 5;
const US_PER_MS = 1000;

interface Codec {
  serializeRequest(spans: readonly ReadableSpan[]): Uint8Array;
}

/** Encoding alone: what keeping 512 span objects costs the garbage collector is in the figures of `update_context`. */
export const encodingScenario: Scenario = {
  name: 'encoding',
  summary: 'encoding of spans as OTLP protobuf: ours against the codec of OpenTelemetry',
  run: async (lab) => {
    const sdk = loadSdk();
    const { ProtobufTraceSerializer: theirs } = sdk.load('@opentelemetry/otlp-transformer') as { readonly ProtobufTraceSerializer: Codec };
    const spans = batch(sdk.resources.resourceFromAttributes({ 'service.name': 'ai-handoff-mcp' }));
    const encode = createSpanEncoder();
    const ours = (): Uint8Array =>
      exportRequest(
        spans.map((span) => ({ resource: span.resource, instrumentationScope: span.instrumentationScope, message: encode(span) })),
      );
    const figures = { ours: [] as number[], theirs: [] as number[] };
    for (let round = 0; round <= Math.max(lab.rounds, ROUNDS_MIN); round += 1) {
      lab.progress(`encoding: round ${round}`);
      const pair = { ours: usPerSpan(ours, lab.roundMs / 10), theirs: usPerSpan(() => theirs.serializeRequest(spans), lab.roundMs / 10) };
      // The first round warms both up.
      if (round > 0) for (const who of ['ours', 'theirs'] as const) figures[who].push(pair[who]);
    }
    const ratio = median(figures.ours.map((us, round) => us / (figures.theirs[round] ?? us)));
    return Promise.resolve({
      title: 'Encoding of spans',
      method: `Batches of ${BATCH_SPANS} spans as \`update_context\` makes them, encoded as OTLP protobuf; both take turns within each round. Ours takes × ${ratio.toFixed(2)} of the time (median of paired rounds).`,
      tables: [
        { head: ['', 'µs a span, median', 'min – max'], rows: [row('ours', figures.ours), row("OpenTelemetry's codec", figures.theirs)] },
      ],
      targets: [],
    });
  },
};

function usPerSpan(encodeBatch: () => Uint8Array, durationMs: number): number {
  const startMs = performance.now();
  let batches = 0;
  while (performance.now() - startMs < durationMs) {
    encodeBatch();
    batches += 1;
  }
  return ((performance.now() - startMs) * US_PER_MS) / (batches * BATCH_SPANS);
}

function row(name: string, values: readonly number[]): string[] {
  const { min, median: middle, max } = spread(values);
  return [name, middle.toFixed(2), `${min.toFixed(2)} – ${max.toFixed(2)}`];
}

/** A third each of MCP, service and SQL spans, with ids of their own and the attributes that tell calls apart. */
function batch(resource: ReadableSpan['resource']): ReadableSpan[] {
  return Array.from({ length: BATCH_SPANS }, (_, index) => {
    const shape = SHAPES[index % SHAPES.length] ?? { name: '', kind: SpanKind.INTERNAL, attributes: () => ({}) };
    const context = {
      traceId: index.toString(16).padStart(32, 'a'),
      spanId: index.toString(16).padStart(16, 'b'),
      traceFlags: TraceFlags.SAMPLED,
    };
    const parentSpanContext = { ...context, spanId: 'cccccccccccccccc' };
    return {
      ...{ name: shape.name, kind: shape.kind, attributes: shape.attributes(index), parentSpanContext, resource },
      ...{ startTime: [1_795_000_000, index], endTime: [1_795_000_000, index + 1_000_000], duration: [0, 1_000_000], ended: true },
      ...{ status: { code: 0 }, events: [], links: [], droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
      instrumentationScope: { name: 'handoff-otel' },
      spanContext: () => context,
    };
  });
}

const SHAPES = [
  {
    name: 'tools/call update_context',
    kind: SpanKind.SERVER,
    attributes: (call: number) => ({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'update_context',
      'gen_ai.operation.name': 'execute_tool',
      'network.transport': 'pipe',
      'jsonrpc.request.id': String(call),
      'mcp.protocol.version': '2025-11-25',
    }),
  },
  {
    name: 'handoff.context.append',
    kind: SpanKind.INTERNAL,
    attributes: (call: number) => ({
      'handoff.session.key': `session-${call % 32}`,
      'handoff.context.type': 'message',
      'handoff.operation.name': 'handoff.context.append',
      'handoff.context.sequence_number': call,
    }),
  },
  {
    name: 'WITH handoff',
    kind: SpanKind.CLIENT,
    attributes: () => ({
      'db.system.name': 'postgresql',
      'db.namespace': 'handoff',
      'db.operation.name': 'WITH',
      'db.query.text': insertEntry.text,
      'server.address': '127.0.0.1',
      'server.port': 5432,
    }),
  },
] as const;
