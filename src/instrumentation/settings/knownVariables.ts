/** `yes`: as the specification has it. `differs`: the note says how. `no`: reported and ignored; the note says what to use. */
export interface KnownVariable {
  readonly support: 'yes' | 'differs' | 'no';
  readonly note: string;
}

type Row = readonly [name: string, support: KnownVariable['support'], note: string];

/** `{}` stands for TRACES, METRICS and LOGS. `docs/telemetry.md` has the same rows; a test compares them. */
const ROWS: readonly Row[] = [
  ['OTEL_SDK_DISABLED', 'differs', 'Nothing of the SDK is loaded. Also wins over OTEL_CONFIG_FILE.'],
  ['OTEL_CONFIG_FILE', 'differs', 'See below. What we do not support in it is reported and left out; the rest is used.'],
  ['OTEL_LOG_LEVEL', 'differs', 'Default `error`; written to stderr, never to stdout.'],
  ['OTEL_SERVICE_NAME', 'yes', 'Wins over OTEL_RESOURCE_ATTRIBUTES, which wins over names in code.'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'yes', 'Percent-decoded. One bad item discards all of them, with a notice.'],
  [
    'OTEL_NODE_RESOURCE_DETECTORS',
    'differs',
    '`all`, `env`, `host`, `os`, `process`, `serviceinstance` (or `service`), `none`. Command line, user and paths stay out whatever is asked for.',
  ],
  ['OTEL_PROPAGATORS', 'yes', '`tracecontext`, `baggage`, `b3`, `b3multi`, `none`.'],
  ['OTEL_TRACES_SAMPLER', 'yes', 'The six of the specification; not `jaeger_remote`, `parentbased_jaeger_remote` and `xray`.'],
  ['OTEL_TRACES_SAMPLER_ARG', 'yes', 'A number from 0 to 1, else 1.'],
  ['OTEL_TRACES_EXPORTER', 'yes', '`otlp`, `console` (refused on stdio), `none`, or several.'],
  [
    'OTEL_METRICS_EXPORTER',
    'differs',
    '`otlp`, `prometheus`, `console` (refused on stdio), `none`, or several. Unset: `otlp`, and `prometheus` unless on stdio.',
  ],
  ['OTEL_LOGS_EXPORTER', 'yes', '`otlp`, `console` (refused on stdio), `none`, or several.'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'yes', '`http/protobuf` (default), `http/json`, `grpc`.'],
  ['OTEL_EXPORTER_OTLP_{}_PROTOCOL', 'yes', 'The same for one signal.'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'yes', "With HTTP the signal's path is added."],
  ['OTEL_EXPORTER_OTLP_{}_ENDPOINT', 'yes', 'Taken as it is, path included.'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'yes', '`name=value,…`, percent-decoded. Never shown in a notice or in `status()`.'],
  ['OTEL_EXPORTER_OTLP_{}_HEADERS', 'yes', 'Added to the general ones; wins for a name that both have.'],
  ['OTEL_EXPORTER_OTLP_COMPRESSION', 'yes', '`gzip` or `none` (default).'],
  ['OTEL_EXPORTER_OTLP_{}_COMPRESSION', 'yes', 'The same for one signal.'],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', 'yes', 'One export with its retries, milliseconds. Default 10000.'],
  ['OTEL_EXPORTER_OTLP_{}_TIMEOUT', 'yes', 'The same for one signal.'],
  ['OTEL_EXPORTER_OTLP_CERTIFICATE', 'yes', "PEM file of the authority that signed the receiver's certificate."],
  ['OTEL_EXPORTER_OTLP_{}_CERTIFICATE', 'yes', 'The same for one signal.'],
  ['OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE', 'yes', 'PEM file; needs the key.'],
  ['OTEL_EXPORTER_OTLP_{}_CLIENT_CERTIFICATE', 'yes', 'The same for one signal.'],
  ['OTEL_EXPORTER_OTLP_CLIENT_KEY', 'yes', 'PEM file; needs the certificate.'],
  ['OTEL_EXPORTER_OTLP_{}_CLIENT_KEY', 'yes', 'The same for one signal.'],
  ['OTEL_EXPORTER_OTLP_INSECURE', 'yes', 'gRPC only, for an address without `http://` or `https://`.'],
  ['OTEL_EXPORTER_OTLP_{}_INSECURE', 'yes', 'The same for one signal.'],
  ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'yes', '`cumulative` (default), `delta`, `lowmemory`.'],
  [
    'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    'yes',
    '`explicit_bucket_histogram` (default), `base2_exponential_bucket_histogram`.',
  ],
  ['OTEL_METRICS_EXEMPLAR_FILTER', 'yes', '`trace_based` (default), `always_on`, `always_off`.'],
  ['OTEL_METRIC_EXPORT_INTERVAL', 'yes', 'Milliseconds. Default 60000.'],
  ['OTEL_METRIC_EXPORT_TIMEOUT', 'yes', 'Milliseconds, at most the interval. Default 30000.'],
  ['OTEL_EXPORTER_PROMETHEUS_HOST', 'differs', 'Default 127.0.0.1, not `localhost`, which may be ::1 only.'],
  ['OTEL_EXPORTER_PROMETHEUS_PORT', 'differs', 'Default 9464; 0 takes a free port. Setting it turns the endpoint on, also on stdio.'],
  ['OTEL_BSP_SCHEDULE_DELAY', 'differs', 'Default 1000 ms, not 5000.'],
  ['OTEL_BSP_EXPORT_TIMEOUT', 'yes', 'Bound of one export beside OTEL_EXPORTER_OTLP_TIMEOUT. Default 30000.'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', 'differs', 'Default 32768, not 2048.'],
  ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 'yes', 'Default 512.'],
  ['OTEL_BLRP_SCHEDULE_DELAY', 'yes', 'Default 1000 ms.'],
  ['OTEL_BLRP_EXPORT_TIMEOUT', 'yes', 'Bound of one export beside OTEL_EXPORTER_OTLP_TIMEOUT. Default 30000.'],
  ['OTEL_BLRP_MAX_QUEUE_SIZE', 'differs', 'Default 16384, not 2048.'],
  ['OTEL_BLRP_MAX_EXPORT_BATCH_SIZE', 'yes', 'Default 512.'],
  ['OTEL_ATTRIBUTE_COUNT_LIMIT', 'yes', 'Spans and log records. Default 128.'],
  ['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'yes', 'Spans and log records. Default: none.'],
  ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'yes', 'Default 128.'],
  ['OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'yes', 'Default: none.'],
  ['OTEL_SPAN_EVENT_COUNT_LIMIT', 'yes', 'Default 128.'],
  ['OTEL_SPAN_LINK_COUNT_LIMIT', 'yes', 'Default 128.'],
  ['OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', 'yes', 'Default 128. Also as OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT.'],
  ['OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT', 'yes', 'What OpenTelemetry JS called the one above.'],
  ['OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', 'yes', 'Default 128. Also as OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT.'],
  ['OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT', 'yes', 'What OpenTelemetry JS called the one above.'],
  ['OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT', 'yes', 'From 1. Default 128.'],
  ['OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'yes', 'From 1. Default: none.'],
  ['OTEL_NODE_EXPERIMENTAL_SDK_METRICS', 'yes', "`true`: the SDK's metrics of itself."],
  ['OTEL_EXPERIMENTAL_CONFIG_FILE', 'no', 'Use OTEL_CONFIG_FILE.'],
  ['OTEL_EXPORTER_ZIPKIN_ENDPOINT', 'no', 'Send OTLP to a collector.'],
  ['OTEL_EXPORTER_JAEGER_ENDPOINT', 'no', 'Jaeger takes OTLP.'],
  ['OTEL_SEMCONV_STABILITY_OPT_IN', 'no', 'Only the stable names are written.'],
  ['OTEL_NODE_ENABLED_INSTRUMENTATIONS', 'no', 'Use the option `libraries` of `instrument()`.'],
  ['OTEL_NODE_DISABLED_INSTRUMENTATIONS', 'no', 'Use the option `libraries` of `instrument()`.'],
  ['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', 'no', 'Use HANDOFF_MCP_CAPTURE.'],
];

const SIGNALS = ['TRACES', 'METRICS', 'LOGS'];

/** Every OTEL_* variable that we or the SDK read, and those that people set in the belief that we do. */
export const knownVariables: ReadonlyMap<string, KnownVariable> = new Map(
  ROWS.flatMap(([name, support, note]) => {
    const names = name.includes('{}') ? SIGNALS.map((signal) => name.replace('{}', signal)) : [name];
    return names.map((each) => [each, { support, note }] as const);
  }),
);

/** The table of `docs/telemetry.md`. */
export function variableTable(): string {
  const rows = ROWS.map(([name, support, note]) => `|\`${name}\`|${support}|${note}|`);
  return ['|Variable|Honoured|Note|', '|---|---|---|', ...rows].join('\n');
}
