import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../../src/instrumentation/settings/resolve.js';
import { settingsOf } from './configFile.js';

const COLLECTOR = `
tracer_provider:
  processors:
    - batch:
        schedule_delay: 200
        max_queue_size: 50
        max_export_batch_size: 100
        exporter:
          otlp_http:
            endpoint: https://user:secret@collector:4318/here/v1/traces
            compression: gzip
            timeout: 1234
            headers_list: "a=1,b=2"
            headers:
              - name: b
                value: over
              - name: c
                value: null
    - simple:
        exporter:
          otlp_grpc:
            endpoint: collector:4317
            tls:
              insecure: true
  sampler:
    parent_based:
      root:
        trace_id_ratio_based:
          ratio: 0.25
      remote_parent_sampled:
        always_off:
  limits:
    event_count_limit: 3
logger_provider:
  processors:
    - batch:
        export_timeout: 500
        exporter:
          otlp_http:
            encoding: json
meter_provider:
  readers:
    - periodic:
        interval: 5000
        cardinality_limits:
          default: 100
          histogram: 7
        exporter:
          otlp_http:
            temporality_preference: low_memory
            default_histogram_aggregation: base2_exponential_bucket_histogram
    - pull:
        exporter:
          prometheus/development:
            host: 0.0.0.0
            port: 9999
  exemplar_filter: always_off
  views:
    - selector:
        instrument_name: db.*
        instrument_type: histogram
      stream:
        name: renamed
        aggregation_cardinality_limit: 9
        aggregation:
          explicit_bucket_histogram:
            boundaries: [1, 2]
        attribute_keys:
          excluded: ["x.*"]
attribute_limits:
  attribute_count_limit: 11
  attribute_value_length_limit: 22
propagator:
  composite:
    - tracecontext:
  composite_list: "b3,tracecontext"
resource:
  attributes:
    - name: service.name
      value: from-file
    - name: port
      value: "80"
      type: string
    - name: list
      value: [1, 2]
      type: int_array
  attributes_list: "service.name=lower,team=a%20b"
  detection/development:
    attributes:
      excluded: ["process.*"]
    detectors:
      - host:
      - process:
log_level: debug
`;

describe('a configuration file', () => {
  it('becomes several receivers, each with its own queue', () => {
    const { traces, logs, notices } = settingsOf(COLLECTOR);
    expect(notices).toEqual([]);
    expect(traces).toMatchObject({
      otlp: true,
      console: false,
      outlets: [
        {
          batch: { maxQueueSize: 50, maxBatchSize: 50, scheduleDelayMs: 200 },
          target: {
            protocol: 'http/protobuf',
            url: 'https://user:secret@collector:4318/here/v1/traces',
            compression: 'gzip',
            timeoutMs: 1234,
            headers: { a: '1', b: 'over' },
          },
        },
        { batch: { scheduleDelayMs: 0 }, target: { protocol: 'grpc', url: 'http://collector:4317', timeoutMs: 10_000 } },
      ],
    });
    expect(logs).toMatchObject({
      protocol: 'http/json',
      outlets: [{ batch: { maxQueueSize: 16_384 }, target: { url: 'http://localhost:4318/v1/logs', timeoutMs: 500 } }],
    });
  });

  it('says what becomes of metrics', () => {
    const { metrics, prometheus, exemplarFilter, views } = settingsOf(COLLECTOR, { stdio: true });
    expect(metrics.pushes).toMatchObject([
      {
        intervalMs: 5000,
        temporality: 'lowmemory',
        histogram: 'base2_exponential_bucket_histogram',
        cardinality: { default: 100, histogram: 7 },
        target: { url: 'http://localhost:4318/v1/metrics' },
      },
    ]);
    expect(prometheus).toEqual({ enabled: true, listen: true, host: '0.0.0.0', port: 9999 });
    expect(exemplarFilter).toBe('always_off');
    expect(views).toEqual([
      {
        selector: { instrumentName: 'db.*', instrumentKind: 'histogram' },
        name: 'renamed',
        cardinalityLimit: 9,
        aggregation: { kind: 'explicit_bucket_histogram', boundaries: [1, 2], recordMinMax: true },
        attributeKeys: { excluded: ['x.*'] },
      },
    ]);
  });

  it('says who speaks, what is sampled, kept and passed on', () => {
    const settings = settingsOf(COLLECTOR);
    expect(settings.resource).toEqual({
      detectors: ['host', 'os', 'process'],
      attributes: { 'service.name': 'from-file', team: 'a b', port: '80', list: [1, 2] },
      detected: { excluded: ['process.*'] },
    });
    expect(settings.sampler).toEqual({
      kind: 'parent_based',
      root: { kind: 'trace_id_ratio', ratio: 0.25 },
      remoteParentSampled: { kind: 'always_off' },
    });
    expect(settings.spanLimits).toMatchObject({
      attributeCountLimit: 11,
      attributeValueLengthLimit: 22,
      eventCountLimit: 3,
      linkCountLimit: 128,
    });
    expect(settings.logLimits).toEqual({ attributeCountLimit: 11, attributeValueLengthLimit: 22 });
    expect(settings.propagators).toEqual(['tracecontext', 'b3']);
    expect(settings.diagnosticsLevel).toBe('debug');
  });

  it('turns off what it does not name', () => {
    const settings = settingsOf('log_level: info\n');
    expect(settings).toMatchObject({
      traces: { otlp: false },
      logs: { otlp: false },
      metrics: { pushes: [] },
      prometheus: { enabled: false },
      propagators: [],
      resource: { detectors: [] },
    });
    expect(settingsOf('disabled: true\n').disabled).toBe(true);
  });

  it('leaves the code the last word on the pull endpoint only', () => {
    expect(settingsOf('log_level: info\n', { prometheus: { port: 0 } }).prometheus).toMatchObject({ enabled: true, listen: true, port: 0 });
  });

  it('overrules variables, and says which', () => {
    const { notices, traces } = settingsOf(
      COLLECTOR,
      {},
      { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=secret', OTEL_TRACES_SAMPLER: 'always_off' },
    );
    expect(notices).toEqual(['OTEL_CONFIG_FILE is in use, so these have no effect: OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER.']);
    expect(traces.outlets[0]?.target.headers).toEqual({ a: '1', b: 'over' });
  });

  it('may ask for variables itself', () => {
    process.env['OTEL_TEST_PORT'] = '4711';
    try {
      const yaml =
        'tracer_provider:\n  processors:\n    - simple:\n        exporter:\n          otlp_http:\n            endpoint: http://h:${OTEL_TEST_PORT}/${env:NOT_SET:-x}\n';
      const { notices, traces } = settingsOf(yaml, {}, { OTEL_TEST_PORT: '4711' });
      expect([notices, traces.outlets[0]?.target.url]).toEqual([[], 'http://h:4711/x']);
    } finally {
      delete process.env['OTEL_TEST_PORT'];
    }
  });

  it('gives way to OTEL_SDK_DISABLED, unread', () => {
    const settings = resolveSettings({}, { OTEL_SDK_DISABLED: 'true', OTEL_CONFIG_FILE: '/no/such/file' });
    expect(settings).toMatchObject({ disabled: true, notices: [] });
  });

  it('reads OTEL_SERVICE_NAME when it asks for the service detector', () => {
    const { resource, notices } = settingsOf(
      'resource:\n  detection/development:\n    detectors:\n      - service:\n',
      {},
      { OTEL_SERVICE_NAME: 'by-detector' },
    );
    expect([resource, notices]).toEqual([{ detectors: ['serviceinstance'], attributes: { 'service.name': 'by-detector' } }, []]);
  });
});
