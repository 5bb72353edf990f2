import { choice, choices } from '../../variables/kinds.js';
import { Unset, variable } from '../../variables/variable.js';
import type { Variable } from '../../variables/variable.js';
import { DEFAULT_EXPORT_TIMEOUT_MS, LOG_BATCH, MAX_ITEMS, SPAN_BATCH } from './batchLimits.js';
import { headerList } from './headers.js';
import { DEFAULT_COUNT } from './limits.js';
import { DEFAULT_INTERVAL_MS, DEFAULT_PUSH_TIMEOUT_MS } from './metrics.js';
import { anyText, count, file, ms, onlyTrue, ratio, whole } from './otelKinds.js';
import { DEFAULT_OTLP_TIMEOUT_MS } from './otlpTarget.js';
import { DEFAULT_PROMETHEUS } from './prometheus.js';
import { PROPAGATORS } from './propagators.js';
import { attributeList, DETECTORS } from './resourceSettings.js';
import { OTLP_PROTOCOLS } from './signals.js';

/** For what is not as the specification has it; the documentation says how. */
function differs<V extends Variable<unknown, unknown>>(given: V): V & { readonly differs: true } {
  return { ...given, differs: true };
}

export const generalVariables = {
  OTEL_SDK_DISABLED: differs(variable(onlyTrue, false, 'When true, nothing of the SDK is loaded. It also wins over OTEL_CONFIG_FILE.')),
  OTEL_CONFIG_FILE: differs(
    variable(file, new Unset('none'), 'A configuration file. What is not supported in it is reported and left out; the rest is used.'),
  ),
  OTEL_LOG_LEVEL: differs(
    variable(
      choice('none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'),
      'error',
      'Messages of OpenTelemetry itself. They are written to stderr, never to stdout. The default of the specification is `info`.',
    ),
  ),
  OTEL_PROPAGATORS: variable(choices(...PROPAGATORS, 'none'), ['tracecontext', 'baggage'], 'How trace context and baggage travel.'),
  OTEL_NODE_EXPERIMENTAL_SDK_METRICS: variable(onlyTrue, false, "The SDK's metrics of itself. A variable of OpenTelemetry JS."),
};

export const resourceVariables = {
  OTEL_SERVICE_NAME: variable(
    anyText,
    new Unset('`unknown_service:node`'),
    'Wins over OTEL_RESOURCE_ATTRIBUTES, which wins over names in code.',
  ),
  OTEL_RESOURCE_ATTRIBUTES: variable(
    attributeList,
    new Unset('none'),
    'Percent-decoded. One bad item discards all of them, with a notice.',
  ),
  OTEL_NODE_RESOURCE_DETECTORS: differs(
    variable(
      choices('all', 'env', ...DETECTORS, 'service', 'none'),
      ['all'],
      '`service` and `serviceinstance` are the same. The command line, the user and paths stay out whatever is asked for. A variable of OpenTelemetry JS.',
    ),
  ),
};

export const tracesVariables = {
  OTEL_TRACES_EXPORTER: variable(choices('otlp', 'console', 'none'), ['otlp'], '`console` is refused on stdio.'),
  OTEL_TRACES_SAMPLER: variable(
    choice('always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'),
    'parentbased_always_on',
    '`jaeger_remote`, `parentbased_jaeger_remote` and `xray` are not supported.',
  ),
  OTEL_TRACES_SAMPLER_ARG: variable(ratio, 1, 'The share of traces that `traceidratio` records.'),
  OTEL_BSP_SCHEDULE_DELAY: differs(
    variable(ms(0), SPAN_BATCH.scheduleDelayMs, 'Longest wait of a span. The default of the specification is 5000.'),
  ),
  OTEL_BSP_EXPORT_TIMEOUT: variable(ms(1), DEFAULT_EXPORT_TIMEOUT_MS, 'Bound of one export, beside OTEL_EXPORTER_OTLP_TIMEOUT.'),
  OTEL_BSP_MAX_QUEUE_SIZE: differs(
    variable(
      whole(1, MAX_ITEMS, 'spans'),
      SPAN_BATCH.maxQueueSize,
      'What comes on top is dropped and counted. The default of the specification is 2048.',
    ),
  ),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: variable(
    whole(1, MAX_ITEMS, 'spans'),
    SPAN_BATCH.maxBatchSize,
    'Spans per request, at most the size of the queue.',
  ),
};

export const metricsVariables = {
  OTEL_METRICS_EXPORTER: differs(
    variable(
      choices('otlp', 'prometheus', 'console', 'none'),
      new Unset('`otlp`, and `prometheus` unless on stdio'),
      '`console` is refused on stdio. `none` turns off the Prometheus endpoint as well.',
    ),
  ),
  OTEL_METRIC_EXPORT_INTERVAL: variable(ms(1), DEFAULT_INTERVAL_MS, 'How often metrics are sent.'),
  OTEL_METRIC_EXPORT_TIMEOUT: variable(ms(1), DEFAULT_PUSH_TIMEOUT_MS, 'Bound of one collection and export, at most the interval.'),
  OTEL_METRICS_EXEMPLAR_FILTER: variable(
    choice('trace_based', 'always_on', 'always_off'),
    'trace_based',
    'Which points may carry an exemplar; `trace_based`: those recorded within a sampled span.',
  ),
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: variable(
    choice('cumulative', 'delta', 'lowmemory'),
    'cumulative',
    'For metrics sent by OTLP.',
  ),
  OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: variable(
    choice('explicit_bucket_histogram', 'base2_exponential_bucket_histogram'),
    'explicit_bucket_histogram',
    'For metrics sent by OTLP.',
  ),
  OTEL_EXPORTER_PROMETHEUS_HOST: differs(
    variable(anyText, DEFAULT_PROMETHEUS.host, 'The default of the specification is `localhost`, which may be ::1 only.'),
  ),
  OTEL_EXPORTER_PROMETHEUS_PORT: differs(
    variable(whole(0, 65_535, 'port'), DEFAULT_PROMETHEUS.port, '0 takes a free port. Setting it turns the endpoint on, also on stdio.'),
  ),
};

export const logsVariables = {
  OTEL_LOGS_EXPORTER: variable(choices('otlp', 'console', 'none'), ['otlp'], '`console` is refused on stdio.'),
  OTEL_BLRP_SCHEDULE_DELAY: variable(ms(0), LOG_BATCH.scheduleDelayMs, 'Longest wait of a log record.'),
  OTEL_BLRP_EXPORT_TIMEOUT: variable(ms(1), DEFAULT_EXPORT_TIMEOUT_MS, 'Bound of one export, beside OTEL_EXPORTER_OTLP_TIMEOUT.'),
  OTEL_BLRP_MAX_QUEUE_SIZE: differs(
    variable(
      whole(1, MAX_ITEMS, 'records'),
      LOG_BATCH.maxQueueSize,
      'What comes on top is dropped and counted. The default of the specification is 2048.',
    ),
  ),
  OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: variable(
    whole(1, MAX_ITEMS, 'records'),
    LOG_BATCH.maxBatchSize,
    'Records per request, at most the size of the queue.',
  ),
};

const noLimit = new Unset('none');
const general = (name: string): Unset => new Unset(`that of ${name}`);

export const limitVariables = {
  OTEL_ATTRIBUTE_COUNT_LIMIT: variable(count(0), DEFAULT_COUNT, 'Attributes of a span or log record. 0 is for spans only.'),
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: variable(
    count(0),
    noLimit,
    'Characters of an attribute of a span or log record. 0 is for spans only.',
  ),
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: variable(count(0), general('OTEL_ATTRIBUTE_COUNT_LIMIT'), 'Attributes of a span.'),
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: variable(
    count(0),
    general('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'),
    "Characters of a span's attribute.",
  ),
  OTEL_SPAN_EVENT_COUNT_LIMIT: variable(count(0), DEFAULT_COUNT, 'Events of a span.'),
  OTEL_SPAN_LINK_COUNT_LIMIT: variable(count(0), DEFAULT_COUNT, 'Links of a span.'),
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: variable(
    count(0),
    general('OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT'),
    "Attributes of a span's event.",
  ),
  OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT: variable(
    count(0),
    DEFAULT_COUNT,
    'The name of OpenTelemetry JS for OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT.',
  ),
  OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: variable(count(0), general('OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT'), "Attributes of a span's link."),
  OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT: variable(
    count(0),
    DEFAULT_COUNT,
    'The name of OpenTelemetry JS for OTEL_LINK_ATTRIBUTE_COUNT_LIMIT.',
  ),
  OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: variable(count(1), general('OTEL_ATTRIBUTE_COUNT_LIMIT'), 'Attributes of a log record.'),
  OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: variable(
    count(1),
    general('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'),
    "Characters of a log record's attribute.",
  ),
};

/** Each of them also exists for one signal, see `ownName`. */
export const otlpVariables = {
  OTEL_EXPORTER_OTLP_PROTOCOL: variable(choice(...OTLP_PROTOCOLS), 'http/protobuf', 'How telemetry is encoded and sent.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    { ...anyText, allowed: 'an http:// or https:// URL; with gRPC also `host:port`', secret: true },
    new Unset('`http://localhost:4318`; with gRPC `http://localhost:4317`'),
    "With HTTP the signal's path, for instance `v1/traces`, is added to it. That of one signal is used as it is, path included.",
  ),
  OTEL_EXPORTER_OTLP_HEADERS: variable(
    headerList,
    new Unset('none'),
    'Percent-decoded. Never shown in a notice or in `status()`. Those of one signal are added to these, and win for a name that both have.',
  ),
  OTEL_EXPORTER_OTLP_COMPRESSION: variable(choice('gzip', 'none'), 'none', 'Whether requests are compressed.'),
  OTEL_EXPORTER_OTLP_TIMEOUT: variable(ms(1), DEFAULT_OTLP_TIMEOUT_MS, 'One export with its retries.'),
  OTEL_EXPORTER_OTLP_CERTIFICATE: variable(
    file,
    new Unset("the system's"),
    "PEM file of the authority that signed the receiver's certificate.",
  ),
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: variable(file, new Unset('none'), 'PEM file; the key must be given as well.'),
  OTEL_EXPORTER_OTLP_CLIENT_KEY: variable(file, new Unset('none'), 'PEM file; the certificate must be given as well.'),
  OTEL_EXPORTER_OTLP_INSECURE: variable(
    onlyTrue,
    false,
    'gRPC only: when true, an address without `http://` or `https://` is reached in plain text, else over TLS.',
  ),
};

/** Every variable of OpenTelemetry that has an effect here, but for those of `otlpVariables` for one signal. */
export const otelVariables = {
  ...generalVariables,
  ...resourceVariables,
  ...tracesVariables,
  ...metricsVariables,
  ...logsVariables,
  ...limitVariables,
  ...otlpVariables,
};

/** `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` and its like. */
export function ownName(signal: string, name: string): string {
  return name.replace('OTEL_EXPORTER_OTLP_', `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_`);
}

export function isOtelVariable(name: string): boolean {
  const general = name.replace(/^OTEL_EXPORTER_OTLP_(?:TRACES|METRICS|LOGS)_/, 'OTEL_EXPORTER_OTLP_');
  return Object.hasOwn(otelVariables, name) || Object.hasOwn(otlpVariables, general);
}
