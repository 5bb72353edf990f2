import { describe, expect, it } from 'vitest';
import { settingsOf } from './variables.js';
import type { Env, Expected } from './variables.js';

describe('the other OTEL_* variables', () => {
  it.each<[Env, Expected]>([
    [{ OTEL_TRACES_SAMPLER: 'always_on' }, { sampler: { kind: 'always_on' } }],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, { sampler: { kind: 'always_off' } }],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' }, { sampler: { kind: 'trace_id_ratio', ratio: 0.5 } }],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio' }, { sampler: { kind: 'trace_id_ratio', ratio: 1 } }],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_always_on' }, { sampler: { kind: 'parent_based', root: { kind: 'always_on' } } }],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, { sampler: { kind: 'parent_based', root: { kind: 'always_off' } } }],
    [
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' },
      { sampler: { kind: 'parent_based', root: { kind: 'trace_id_ratio', ratio: 0 } } },
    ],
    [{ OTEL_PROPAGATORS: 'b3,b3multi,b3' }, { propagators: ['b3', 'b3multi'] }],
    [{ OTEL_PROPAGATORS: 'none' }, { propagators: [] }],
    [{}, { propagators: ['tracecontext', 'baggage'] }],
    [
      { OTEL_RESOURCE_ATTRIBUTES: 'a=b%2Cc, service.name=x,d=e=f', OTEL_SERVICE_NAME: 'y' },
      { resource: { attributes: { a: 'b,c', d: 'e=f', 'service.name': 'y' } } },
    ],
    [
      { OTEL_NODE_RESOURCE_DETECTORS: 'host,os', OTEL_RESOURCE_ATTRIBUTES: 'a=b' },
      { resource: { detectors: ['host', 'os'], attributes: {} } },
    ],
    [
      { OTEL_NODE_RESOURCE_DETECTORS: 'service', OTEL_SERVICE_NAME: 'y' },
      { resource: { detectors: ['serviceinstance'], attributes: { 'service.name': 'y' } } },
    ],
    [{ OTEL_NODE_RESOURCE_DETECTORS: 'none', OTEL_SERVICE_NAME: 'y' }, { resource: { detectors: [], attributes: {} } }],
    [{ OTEL_ATTRIBUTE_COUNT_LIMIT: '5' }, { spanLimits: { attributeCountLimit: 5 }, logLimits: { attributeCountLimit: 5 } }],
    [
      { OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '9', OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: '0' },
      { spanLimits: { attributeValueLengthLimit: 0 }, logLimits: { attributeValueLengthLimit: 9 } },
    ],
    [
      { OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '1', OTEL_SPAN_EVENT_COUNT_LIMIT: '2', OTEL_SPAN_LINK_COUNT_LIMIT: '3' },
      { spanLimits: { attributeCountLimit: 1, eventCountLimit: 2, linkCountLimit: 3 } },
    ],
    [
      { OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: '4', OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT: '5' },
      { spanLimits: { attributePerEventCountLimit: 4, attributePerLinkCountLimit: 5 } },
    ],
    [
      { OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: '6', OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: '7' },
      { logLimits: { attributeCountLimit: 6, attributeValueLengthLimit: 7 } },
    ],
    [
      { OTEL_BSP_EXPORT_TIMEOUT: '300', OTEL_BLRP_EXPORT_TIMEOUT: '20000' },
      { traces: { outlets: [{ target: { timeoutMs: 300 } }] }, logs: { outlets: [{ target: { timeoutMs: 10_000 } }] } },
    ],
    [
      { OTEL_METRIC_EXPORT_INTERVAL: '500', OTEL_METRICS_EXPORTER: 'otlp,console' },
      { metrics: { pushes: [{ intervalMs: 500, target: { timeoutMs: 500 } }, { intervalMs: 500 }] } },
    ],
    [{ OTEL_METRIC_EXPORT_TIMEOUT: '200' }, { metrics: { pushes: [{ target: { timeoutMs: 200 } }] } }],
    [{ OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'LowMemory' }, { metrics: { pushes: [{ temporality: 'lowmemory' }] } }],
    [
      { OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'base2_exponential_bucket_histogram' },
      { metrics: { pushes: [{ histogram: 'base2_exponential_bucket_histogram' }] } },
    ],
    [{ OTEL_METRICS_EXEMPLAR_FILTER: 'always_on' }, { exemplarFilter: 'always_on' }],
    [{ OTEL_LOG_LEVEL: 'DEBUG' }, { diagnosticsLevel: 'debug' }],
    // As Helm writes a million.
    [{ OTEL_BSP_MAX_QUEUE_SIZE: '1e+06' }, { traces: { outlets: [{ batch: { maxQueueSize: 1_000_000 } }] } }],
  ])('%j', (env, expected) => {
    expect(settingsOf(env)).toMatchObject({ ...expected, notices: [] });
  });

  it.each<[Env, string, Expected]>([
    [
      { OTEL_TRACES_SAMPLER: 'jaeger_remote' },
      'OTEL_TRACES_SAMPLER: "jaeger_remote" must be one of always_on',
      { sampler: { kind: 'parent_based' } },
    ],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '7' },
      'OTEL_TRACES_SAMPLER_ARG: "7" must be a number from 0 to 1',
      { sampler: { ratio: 1 } },
    ],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'half' },
      'OTEL_TRACES_SAMPLER_ARG: "half" must be',
      { sampler: { ratio: 1 } },
    ],
    [{ OTEL_PROPAGATORS: 'xray' }, 'OTEL_PROPAGATORS: "xray" must be one of tracecontext', { propagators: ['tracecontext', 'baggage'] }],
    [{ OTEL_PROPAGATORS: 'b3,jaeger' }, 'OTEL_PROPAGATORS: "jaeger" must be', { propagators: ['b3'] }],
    [
      { OTEL_RESOURCE_ATTRIBUTES: 'service.name=x,broken' },
      'OTEL_RESOURCE_ATTRIBUTES: item 2 must be name=value, percent-encoded. The whole list is ignored.',
      { resource: { attributes: {} } },
    ],
    [
      { OTEL_RESOURCE_ATTRIBUTES: 'a=%zz' },
      'OTEL_RESOURCE_ATTRIBUTES: item 1 must be name=value, percent-encoded. The whole list is ignored.',
      { resource: { attributes: {} } },
    ],
    [
      { OTEL_NODE_RESOURCE_DETECTORS: 'host,constructor' },
      'OTEL_NODE_RESOURCE_DETECTORS: "constructor" must be one of all, env, host',
      { resource: { detectors: ['host'] } },
    ],
    [{ OTEL_SPAN_LINK_COUNT_LIMIT: 'few' }, 'OTEL_SPAN_LINK_COUNT_LIMIT: "few" must be', { spanLimits: { linkCountLimit: 128 } }],
    [
      { OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: '0' },
      'OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: "0" must be',
      { logLimits: { attributeCountLimit: 128 } },
    ],
    [
      { OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_METRIC_EXPORT_TIMEOUT: '200' },
      'OTEL_METRIC_EXPORT_TIMEOUT: 200 must be at most the interval. 100 is used.',
      {},
    ],
    [
      { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'both' },
      'TEMPORALITY_PREFERENCE: "both" must be one of cumulative',
      { metrics: { pushes: [{ temporality: 'cumulative' }] } },
    ],
    [{ OTEL_METRICS_EXEMPLAR_FILTER: 'some' }, 'OTEL_METRICS_EXEMPLAR_FILTER: "some" must be one of', { exemplarFilter: 'trace_based' }],
    [{ OTEL_LOG_LEVEL: 'loud' }, 'OTEL_LOG_LEVEL: "loud" must be one of', { diagnosticsLevel: undefined }],
    [{ OTEL_BSP_EXPORT_TIMEOUT: '0' }, 'OTEL_BSP_EXPORT_TIMEOUT: "0" must be', {}],
    [{ OTEL_SDK_DISABLED: '1' }, 'OTEL_SDK_DISABLED: "1" must be true or false. The default, false, is used.', { disabled: false }],
    [
      { OTEL_ATTRIBUTE_COUNT_LIMIT: '0' },
      'OTEL_ATTRIBUTE_COUNT_LIMIT must be 1 or more for log records',
      { spanLimits: { attributeCountLimit: 0 }, logLimits: { attributeCountLimit: 128 } },
    ],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER: "zipkin" must be one of otlp, console, none', { traces: { outlets: [] } }],
    [{ HANDOFF_STDIO: 'perhaps' }, 'HANDOFF_STDIO: "perhaps" must be true, false, 1 or 0. The default, false, is used.', { stdio: false }],
    [{ HANDOFF_CONSOLE_TO_STDERR: 'on' }, 'HANDOFF_CONSOLE_TO_STDERR: "on" must be', { consoleToStderr: false }],
    [{ HANDOFF_FLUSH_ON_PROCESS_EXIT: 'yes' }, 'HANDOFF_FLUSH_ON_PROCESS_EXIT: "yes" must be', { flushOnProcessExit: false }],
    [
      { HANDOFF_FLUSH_TIMEOUT_MS: '70000' },
      'HANDOFF_FLUSH_TIMEOUT_MS: "70000" must be a whole number from 0 to 60000 (ms). The default, 2000, is used.',
      { flushTimeoutMs: 2000 },
    ],
  ])('%j is reported once and replaced', (env, notice, expected) => {
    const settings = settingsOf(env);
    expect(settings).toMatchObject(expected);
    expect(settings.notices.filter((each) => each.includes(notice))).toHaveLength(1);
    expect(settings.notices).toHaveLength(1);
  });

  it.each<[Env, Expected]>([
    [{ HANDOFF_STDIO: '1' }, { stdio: true }],
    [{ HANDOFF_CONSOLE_TO_STDERR: 'TRUE' }, { consoleToStderr: true }],
    [{ HANDOFF_FLUSH_ON_PROCESS_EXIT: 'true' }, { flushOnProcessExit: true }],
    [{ HANDOFF_FLUSH_TIMEOUT_MS: '0' }, { flushTimeoutMs: 0 }],
  ])('%j', (env, expected) => {
    expect(settingsOf(env)).toMatchObject({ ...expected, notices: [] });
  });
});
