import type { Attributes } from '@opentelemetry/api';
import { registry } from '../registry/load.js';
import type { Recording } from '../telemetry/recorded.js';
import { metaOf } from '../wire/message.js';
import { onMetrics, onPoints } from './mutant.js';
import type { Mutant } from './mutant.js';

const MILLISECOND_BUCKETS = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

/** Defects of each of the four histograms as a whole. */
const histogramMutants = Object.keys(registry.metrics).flatMap((metric): Mutant[] => {
  const mutant = (name: string, subject: string, apply: Mutant['apply']): Mutant => ({
    name: `${metric} ${name}`,
    subject,
    signal: 'metric',
    apply,
  });
  return [
    mutant(
      'is missing',
      metric,
      onMetrics((each) => (each.name === metric ? [] : each)),
    ),
    mutant(
      'has another name',
      'metric.name',
      onMetrics((each) => (each.name === metric ? { ...each, name: `${metric}.ms` } : each)),
    ),
    mutant(
      'is in milliseconds',
      `${metric}.unit`,
      onMetrics((each) => (each.name === metric ? { ...each, unit: 'ms' } : each)),
    ),
    mutant(
      'has default buckets',
      `${metric}.boundaries`,
      onPoints(metric, (point) => ({ ...point, boundaries: MILLISECOND_BUCKETS })),
    ),
    mutant(
      'is no histogram',
      `${metric}.instrument`,
      onMetrics((each) => (each.name === metric ? { ...each, instrument: 'counter' } : each)),
    ),
    mutant(
      'counts everything twice',
      metric,
      onPoints(metric, (point) => ({ ...point, count: point.count * 2 })),
    ),
    mutant(
      'has the session id',
      'attributes.allowed',
      onPoints(metric, (point) => ({ ...point, attributes: { ...point.attributes, 'mcp.session.id': 's' } })),
    ),
    mutant(
      'has the request id',
      'attributes.allowed',
      onPoints(metric, (point) => ({ ...point, attributes: { ...point.attributes, 'jsonrpc.request.id': '1' } })),
    ),
    mutant(
      "has the client's address",
      'attributes.allowed',
      onPoints(metric, (point) => ({ ...point, attributes: { ...point.attributes, 'client.address': '10.0.0.1' } })),
    ),
  ];
});

const sessionMutants = Object.keys(registry.metrics)
  .filter((metric) => metric.includes('session'))
  .map(
    (metric): Mutant => ({
      name: `${metric} measures milliseconds`,
      subject: `${metric}.value`,
      signal: 'metric',
      apply: onPoints(metric, (point) => ({ ...point, sum: point.sum * 1000 })),
    }),
  );

/** Changes attributes of both operation histograms, named by the one the server writes. */
function onOperations(name: string, subject: string, change: (attributes: Attributes) => Attributes): Mutant {
  const apply = onMetrics((metric) =>
    metric.name.endsWith('.operation.duration')
      ? { ...metric, points: metric.points.map((point) => ({ ...point, attributes: change(point.attributes) })) }
      : metric,
  );
  return { name, subject, signal: 'metric', apply };
}

const ruleMutants: readonly Mutant[] = [
  onOperations('made-up names of tools on metrics', 'gen_ai.tool.name', (attributes) =>
    attributes['gen_ai.tool.name'] === '_OTHER' ? { ...attributes, 'gen_ai.tool.name': 'made_up' } : attributes,
  ),
  onOperations('made-up names of prompts on metrics', 'gen_ai.prompt.name', (attributes) =>
    attributes['gen_ai.prompt.name'] === '_OTHER' ? { ...attributes, 'gen_ai.prompt.name': 'made_up' } : attributes,
  ),
  onOperations('raw text of unknown methods on metrics', 'mcp.method.name', (attributes) =>
    attributes['mcp.method.name'] === '_OTHER' ? { ...attributes, 'mcp.method.name': 'made/up' } : attributes,
  ),
  onOperations('input_required not marked on metrics', 'handoff.mcp.result.type', (attributes) =>
    attributes['handoff.mcp.result.type'] === 'input_required' ? { ...attributes, 'handoff.mcp.result.type': 'complete' } : attributes,
  ),
  onOperations("a caller's fault is an error on metrics", 'error.type', (attributes) => {
    const code = attributes['rpc.response.status_code'];
    return registry.status.serverNotErrors.includes(Number(code)) ? { ...attributes, 'error.type': String(code) } : attributes;
  }),
  {
    name: 'the server writes what it asks into its own histogram',
    subject: 'mcp.client.operation.duration',
    signal: 'metric',
    apply: (recording) => {
      const { server, client } = recording.telemetry;
      const metrics = server.metrics.map((metric) =>
        metric.name === 'mcp.client.operation.duration' ? { ...metric, name: 'mcp.server.operation.duration' } : metric,
      );
      return { ...recording, telemetry: { client, server: { ...server, metrics } } };
    },
  },
];

/** A sender that passes nothing on: changed on the wire, where it would be missing. */
function withoutTraceparent(recording: Recording, only: (method: string) => boolean): Recording {
  const exchanges = recording.exchanges.map((exchange) => {
    if (!only(exchange.method) || metaOf(exchange)['traceparent'] === undefined) return exchange;
    return {
      ...exchange,
      params: {
        ...exchange.params,
        _meta: { ...metaOf(exchange), traceparent: undefined, 'io.opentelemetry/traceparent': metaOf(exchange)['traceparent'] },
      },
    };
  });
  return { ...recording, exchanges };
}

const wireMutants: readonly Mutant[] = [
  {
    name: 'context under a prefixed key',
    subject: 'propagation.inject',
    signal: 'span',
    apply: (recording) => withoutTraceparent(recording, () => true),
  },
  {
    name: 'no context on notifications',
    subject: 'propagation.inject',
    signal: 'span',
    apply: (recording) => withoutTraceparent(recording, (method) => method.startsWith('notifications/')),
  },
];

export const metricMutants: readonly Mutant[] = [...histogramMutants, ...sessionMutants, ...ruleMutants, ...wireMutants];
