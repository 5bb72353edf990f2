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

/** Marks a variable that differs from the specification; the documentation says how. */
function differs<V extends Variable<unknown, unknown>>(given: V): V & { readonly differs: true } {
  return { ...given, differs: true };
}

export const generalVariables = {
  OTEL_SDK_DISABLED: differs(
    variable(onlyTrue, false, 'When true, the SDK is not loaded at all. It also takes precedence over OTEL_CONFIG_FILE.'),
  ),
  OTEL_CONFIG_FILE: differs(
    variable(file, new Unset('none'), 'A configuration file. Unsupported parts of it are reported and left out; the rest is used.'),
  ),
  OTEL_LOG_LEVEL: differs(
    variable(
      choice('none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'),
      'error',
      "Level of OpenTelemetry's own messages. They are written to stderr, never to stdout. The specification's default is `info`.",
    ),
  ),
  OTEL_PROPAGATORS: variable(choices(...PROPAGATORS, 'none'), ['tracecontext', 'baggage'], 'How trace context and baggage are propagated.'),
  OTEL_NODE_EXPERIMENTAL_SDK_METRICS: variable(
    onlyTrue,
    false,
    "The SDK's metrics about itself. This variable comes from OpenTelemetry JS.",
  ),
};

export const resourceVariables = {
  OTEL_SERVICE_NAME: variable(
    anyText,
    new Unset('`unknown_service:node`'),
    'Takes precedence over OTEL_RESOURCE_ATTRIBUTES, which takes precedence over names in code.',
  ),
  OTEL_RESOURCE_ATTRIBUTES: variable(
    attributeList,
    new Unset('none'),
    'Percent-decoded. One invalid item discards the whole list, with a notice.',
  ),
  OTEL_NODE_RESOURCE_DETECTORS: differs(
    variable(
      choices('all', 'env', ...DETECTORS, 'service', 'none'),
      ['all'],
      '`service` and `serviceinstance` are the same. The command line, the user and paths are left out in any case. This variable comes from OpenTelemetry JS.',
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
  OTEL_TRACES_SAMPLER_ARG: variable(ratio, 1, 'The share of traces that `traceidratio` samples.'),
  OTEL_BSP_SCHEDULE_DELAY: differs(
    variable(ms(0), SPAN_BATCH.scheduleDelayMs, "Longest time a span waits. The specification's default is 5000."),
  ),
  OTEL_BSP_EXPORT_TIMEOUT: variable(
    ms(1),
    DEFAULT_EXPORT_TIMEOUT_MS,
    'Time limit for one export, in addition to OTEL_EXPORTER_OTLP_TIMEOUT.',
  ),
  OTEL_BSP_MAX_QUEUE_SIZE: differs(
    variable(
      whole(1, MAX_ITEMS, 'spans'),
      SPAN_BATCH.maxQueueSize,
      "Spans beyond that are dropped and counted. The specification's default is 2048.",
    ),
  ),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: variable(
    whole(1, MAX_ITEMS, 'spans'),
    SPAN_BATCH.maxBatchSize,
    'Spans per request, at most the queue size.',
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
  OTEL_METRIC_EXPORT_TIMEOUT: variable(ms(1), DEFAULT_PUSH_TIMEOUT_MS, 'Time limit for one collection and export, at most the interval.'),
  OTEL_METRICS_EXEMPLAR_FILTER: variable(
    choice('trace_based', 'always_on', 'always_off'),
    'trace_based',
    'Which points may carry an exemplar; `trace_based` means those recorded within a sampled span.',
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
    variable(anyText, DEFAULT_PROMETHEUS.host, "The specification's default is `localhost`, which may resolve to ::1 only."),
  ),
  OTEL_EXPORTER_PROMETHEUS_PORT: differs(
    variable(whole(0, 65_535, 'port'), DEFAULT_PROMETHEUS.port, '0 picks a free port. Setting it turns the endpoint on, even on stdio.'),
  ),
};

export const logsVariables = {
  OTEL_LOGS_EXPORTER: variable(choices('otlp', 'console', 'none'), ['otlp'], '`console` is refused on stdio.'),
  OTEL_BLRP_SCHEDULE_DELAY: variable(ms(0), LOG_BATCH.scheduleDelayMs, 'Longest time a log record waits.'),
  OTEL_BLRP_EXPORT_TIMEOUT: variable(
    ms(1),
    DEFAULT_EXPORT_TIMEOUT_MS,
    'Time limit for one export, in addition to OTEL_EXPORTER_OTLP_TIMEOUT.',
  ),
  OTEL_BLRP_MAX_QUEUE_SIZE: differs(
    variable(
      whole(1, MAX_ITEMS, 'records'),
      LOG_BATCH.maxQueueSize,
      "Records beyond that are dropped and counted. The specification's default is 2048.",
    ),
  ),
  OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: variable(
    whole(1, MAX_ITEMS, 'records'),
    LOG_BATCH.maxBatchSize,
    'Records per request, at most the queue size.',
  ),
};

const noLimit = new Unset('none');
const general = (name: string): Unset => new Unset(`the value of ${name}`);

export const limitVariables = {
  OTEL_ATTRIBUTE_COUNT_LIMIT: variable(count(0), DEFAULT_COUNT, 'Attributes per span or log record. 0 is for spans only.'),
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: variable(
    count(0),
    noLimit,
    'Characters per attribute value of a span or log record. 0 is for spans only.',
  ),
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: variable(count(0), general('OTEL_ATTRIBUTE_COUNT_LIMIT'), 'Attributes per span.'),
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: variable(
    count(0),
    general('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'),
    'Characters per attribute value of a span.',
  ),
  OTEL_SPAN_EVENT_COUNT_LIMIT: variable(count(0), DEFAULT_COUNT, 'Events per span.'),
  OTEL_SPAN_LINK_COUNT_LIMIT: variable(count(0), DEFAULT_COUNT, 'Links per span.'),
  OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: variable(count(0), general('OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT'), 'Attributes per span event.'),
  OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT: variable(
    count(0),
    DEFAULT_COUNT,
    "OpenTelemetry JS's name for OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT.",
  ),
  OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: variable(count(0), general('OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT'), 'Attributes per span link.'),
  OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT: variable(
    count(0),
    DEFAULT_COUNT,
    "OpenTelemetry JS's name for OTEL_LINK_ATTRIBUTE_COUNT_LIMIT.",
  ),
  OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: variable(count(1), general('OTEL_ATTRIBUTE_COUNT_LIMIT'), 'Attributes per log record.'),
  OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: variable(
    count(1),
    general('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'),
    'Characters per attribute value of a log record.',
  ),
};

/** Each of them also exists per signal, see `ownName`. */
export const otlpVariables = {
  OTEL_EXPORTER_OTLP_PROTOCOL: variable(choice(...OTLP_PROTOCOLS), 'http/protobuf', 'How telemetry is encoded and sent.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    { ...anyText, allowed: 'an http:// or https:// URL; with gRPC also `host:port`', secret: true },
    new Unset('`http://localhost:4318`; with gRPC `http://localhost:4317`'),
    "With HTTP, the signal's path, for instance `v1/traces`, is appended. The endpoint of one signal is used unchanged, path included.",
  ),
  OTEL_EXPORTER_OTLP_HEADERS: variable(
    headerList,
    new Unset('none'),
    'Percent-decoded. Never shown in a notice or in `status()`. Those of one signal are added to these and override those of the same name.',
  ),
  OTEL_EXPORTER_OTLP_COMPRESSION: variable(choice('gzip', 'none'), 'none', 'Whether requests are compressed.'),
  OTEL_EXPORTER_OTLP_TIMEOUT: variable(ms(1), DEFAULT_OTLP_TIMEOUT_MS, 'Time limit for one export, retries included.'),
  OTEL_EXPORTER_OTLP_CERTIFICATE: variable(
    file,
    new Unset("the system's"),
    "PEM file of the authority that signed the receiver's certificate. This file and the two below are read again for each new connection.",
  ),
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: variable(file, new Unset('none'), 'PEM file; the key must be given as well.'),
  OTEL_EXPORTER_OTLP_CLIENT_KEY: variable(file, new Unset('none'), 'PEM file; the certificate must be given as well.'),
  OTEL_EXPORTER_OTLP_INSECURE: variable(
    onlyTrue,
    false,
    'gRPC only: when true, an address without `http://` or `https://` is reached in plain text, otherwise over TLS.',
  ),
};

/** Every OpenTelemetry variable that has an effect here, except the per-signal forms of `otlpVariables`. */
export const otelVariables = {
  ...generalVariables,
  ...resourceVariables,
  ...tracesVariables,
  ...metricsVariables,
  ...logsVariables,
  ...limitVariables,
  ...otlpVariables,
};

/** Returns the per-signal name, such as `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`. */
export function ownName(signal: string, name: string): string {
  return name.replace('OTEL_EXPORTER_OTLP_', `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_`);
}

export function isOtelVariable(name: string): boolean {
  const general = name.replace(/^OTEL_EXPORTER_OTLP_(?:TRACES|METRICS|LOGS)_/, 'OTEL_EXPORTER_OTLP_');
  return Object.hasOwn(otelVariables, name) || Object.hasOwn(otlpVariables, general);
}
