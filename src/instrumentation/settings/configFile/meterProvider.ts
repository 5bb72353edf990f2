import { DEFAULT_INTERVAL_MS, DEFAULT_PUSH_TIMEOUT_MS, INSTRUMENT_KINDS } from '../metrics.js';
import type { AggregationSettings, CardinalityLimits, ExemplarFilter, PushSettings, Temporality } from '../metrics.js';
import { MAX_TIMER_MS } from '../otlpTarget.js';
import type { MetricSettings } from '../otelSettings.js';
import type { PrometheusRequest } from '../prometheus.js';
import type { ConfigNode } from './configNode.js';
import { exporterOf, timeoutOf } from './otlpExporter.js';
import type { FileContext } from './otlpExporter.js';

export interface MeterProviderSettings {
  readonly metrics: MetricSettings;
  readonly prometheusRequest: PrometheusRequest;
  readonly exemplarFilter: ExemplarFilter;
}

const TEMPORALITIES: Readonly<Record<string, Temporality>> = { cumulative: 'cumulative', delta: 'delta', low_memory: 'lowmemory' };

/** Reads `meter_provider`. Without it, or without a pull reader, metrics can only be pulled when the code asks for that. */
export function meterProviderSettings(provider: ConfigNode | undefined, context: FileContext): MeterProviderSettings {
  const pushes: PushSettings[] = [];
  let prometheusRequest: PrometheusRequest = { wish: 'unwanted' };
  for (const reader of provider?.list('readers') ?? []) {
    const [name, content] = reader.choice();
    if (name === 'periodic') {
      const push = periodic(content, context);
      if (push !== undefined) pushes.push(push);
    } else if (name === 'pull') {
      prometheusRequest = pull(content) ?? prometheusRequest;
    } else {
      reader.notify(name, 'is not supported and is ignored. Use periodic or pull');
    }
  }
  const targets = pushes.flatMap(({ target }) => target ?? []);
  return {
    metrics: {
      otlp: targets.length > 0,
      console: pushes.length > targets.length,
      protocol: targets[0]?.protocol ?? 'http/protobuf',
      pushes,
    },
    prometheusRequest,
    exemplarFilter: exemplarFilter(provider?.text('exemplar_filter')),
  };
}

function periodic(node: ConfigNode, context: FileContext): PushSettings | undefined {
  const intervalMs = node.integer('interval', { min: 1, max: MAX_TIMER_MS }) ?? DEFAULT_INTERVAL_MS;
  const longestMs = Math.min(timeoutOf(node, 'timeout') ?? DEFAULT_PUSH_TIMEOUT_MS, intervalMs);
  const cardinality = cardinalityOf(node.child('cardinality_limits'));
  const exporter = node.child('exporter');
  const choice = exporter === undefined ? undefined : exporterOf(exporter, 'metrics', longestMs, context);
  if (choice === undefined) return undefined;
  return { intervalMs, cardinality, ...aggregationOf(choice.node), ...(choice.kind === 'otlp' ? { target: choice.target } : {}) };
}

function aggregationOf(exporter: ConfigNode): Pick<AggregationSettings, 'temporality' | 'histogram'> {
  const isExponential = exporter.text('default_histogram_aggregation') === 'base2_exponential_bucket_histogram';
  return {
    temporality: TEMPORALITIES[exporter.text('temporality_preference') ?? 'cumulative'] ?? 'cumulative',
    histogram: isExponential ? 'base2_exponential_bucket_histogram' : 'explicit_bucket_histogram',
  };
}

function cardinalityOf(node: ConfigNode | undefined): CardinalityLimits {
  if (node === undefined) return {};
  const kinds = [...INSTRUMENT_KINDS, 'default' as const];
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const limit = node.integer(kind, { min: 1, max: 10_000_000 });
      return limit === undefined ? [] : [[kind, limit]];
    }),
  );
}

function pull(node: ConfigNode): PrometheusRequest | undefined {
  const exporter = node.child('exporter');
  const [name, content] = exporter?.choice() ?? ['', undefined];
  if (exporter === undefined || content === undefined) return undefined;
  if (name !== 'prometheus/development') {
    exporter.notify(name, 'is not supported and is ignored. Use prometheus/development');
    return undefined;
  }
  const strategy = content.text('translation_strategy') ?? 'underscore_escaping_with_suffixes';
  if (strategy !== 'underscore_escaping_with_suffixes')
    content.notify('translation_strategy', 'is not supported; underscore_escaping_with_suffixes is used');
  const host = content.text('host');
  const port = content.integer('port', { min: 0, max: 65_535 });
  return { wish: 'asked', ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
}

function exemplarFilter(text: string | undefined): ExemplarFilter {
  return text === 'always_on' || text === 'always_off' ? text : 'trace_based';
}
