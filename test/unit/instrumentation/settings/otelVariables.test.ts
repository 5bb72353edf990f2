import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownVariables, variableTable } from '../../../../src/instrumentation/settings/knownVariables.js';
import type { SettingsIo } from '../../../../src/instrumentation/settings/io.js';
import { resolveSettings } from '../../../../src/instrumentation/settings/resolve.js';
import type { TelemetrySettings } from '../../../../src/instrumentation/settings/resolve.js';

type Env = Readonly<Record<string, string>>;
type Expected = Readonly<Record<string, unknown>>;

const io: SettingsIo = {
  readFile: (path) => {
    if (path.includes('missing')) throw new Error('no such file');
    return Buffer.from(path);
  },
  readConfigFile: () => {
    throw new Error('not used');
  },
};

const settingsOf = (env: Env): TelemetrySettings => resolveSettings({}, env, io);
const targetOf = (env: Env, signal: 'traces' | 'logs' = 'traces') =>
  settingsOf(env).traces.outlets[0] === undefined ? undefined : settingsOf(env)[signal].outlets[0]?.target;

describe('OTEL_EXPORTER_OTLP_*', () => {
  it.each<[string, Env, Expected]>([
    ['nothing', {}, { url: 'http://localhost:4318/v1/traces', headers: {}, compression: 'none', timeoutMs: 10_000 }],
    ['a general address', { ENDPOINT: 'http://h:1' }, { url: 'http://h:1/v1/traces' }],
    ['a slash behind it', { ENDPOINT: 'http://h:1/' }, { url: 'http://h:1/v1/traces' }],
    ['a path', { ENDPOINT: 'https://h/otlp/' }, { url: 'https://h/otlp/v1/traces' }],
    ['a query', { ENDPOINT: 'https://h/otlp?key=1' }, { url: 'https://h/otlp/v1/traces?key=1' }],
    ['an address of the signal', { ENDPOINT: 'http://h:1', TRACES_ENDPOINT: 'http://t:2/mine' }, { url: 'http://t:2/mine' }],
    ['one without path', { TRACES_ENDPOINT: 'http://t:2' }, { url: 'http://t:2/' }],
    ['blanks around', { ENDPOINT: '  http://h:1  ' }, { url: 'http://h:1/v1/traces' }],
    ['an empty variable', { ENDPOINT: 'http://h:1', TRACES_ENDPOINT: ' ' }, { url: 'http://h:1/v1/traces' }],
    ['headers', { HEADERS: 'a=1, b = x%20y ,c=a=b' }, { headers: { a: '1', b: 'x y', c: 'a=b' } }],
    ['headers of the signal', { HEADERS: 'a=1,b=2', TRACES_HEADERS: 'b=3' }, { headers: { a: '1', b: '3' } }],
    ['gzip', { COMPRESSION: 'gzip', LOGS_COMPRESSION: 'none' }, { compression: 'gzip' }],
    ['timeouts', { TIMEOUT: '1000', TRACES_TIMEOUT: '77' }, { timeoutMs: 77 }],
    ['a certificate', { CERTIFICATE: 'ca.pem' }, { tls: { ca: Buffer.from('ca.pem') } }],
    [
      'a client certificate',
      { CLIENT_CERTIFICATE: 'c.pem', CLIENT_KEY: 'k.pem', TRACES_CLIENT_KEY: 'k2.pem' },
      { tls: { cert: Buffer.from('c.pem'), key: Buffer.from('k2.pem') } },
    ],
    ['gRPC', { PROTOCOL: 'grpc' }, { protocol: 'grpc', url: 'http://localhost:4317' }],
    ['gRPC over TLS', { PROTOCOL: 'grpc', ENDPOINT: 'https://h:4317/ignored' }, { url: 'https://h:4317' }],
    ['gRPC without scheme', { PROTOCOL: 'grpc', ENDPOINT: 'h:4317' }, { url: 'https://h:4317' }],
    ['gRPC in clear', { PROTOCOL: 'grpc', ENDPOINT: 'h:4317', INSECURE: 'TRUE' }, { url: 'http://h:4317' }],
    ['gRPC in clear for one signal', { PROTOCOL: 'grpc', TRACES_ENDPOINT: 'h:4317', TRACES_INSECURE: 'true' }, { url: 'http://h:4317' }],
    ['gRPC over a socket', { TRACES_PROTOCOL: 'grpc', TRACES_ENDPOINT: 'unix:///run/otel.sock' }, { url: 'unix:///run/otel.sock' }],
  ])('%s', (_what, variables, expected) => {
    const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [`OTEL_EXPORTER_OTLP_${name}`, value]));
    expect(targetOf(env)).toMatchObject(expected);
    expect(settingsOf(env).notices).toEqual([]);
  });

  it.each<[Env, Expected, string]>([
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'hunter2:4318' },
      { url: 'http://localhost:4318/v1/traces' },
      'OTEL_EXPORTER_OTLP_ENDPOINT is not an http',
    ],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'hunter2', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h' },
      { url: 'http://h/v1/traces' },
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is not',
    ],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'Bearer hunter2' }, { headers: {} }, 'OTEL_EXPORTER_OTLP_HEADERS: item 1 is not name=value'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=1,=hunter2,c=%hunter2' }, { headers: { a: '1' } }, 'item 3 is not name=value'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'bad name=hunter2,c=%0Ahunter2' }, { headers: {} }, 'item 2 has characters no header can have'],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' }, { compression: 'none' }, 'OTEL_EXPORTER_OTLP_COMPRESSION=zstd is not supported'],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: '-1' }, { timeoutMs: 10_000 }, 'OTEL_EXPORTER_OTLP_TIMEOUT=-1 is not a whole number'],
    [{ OTEL_EXPORTER_OTLP_CERTIFICATE: 'missing' }, {}, 'OTEL_EXPORTER_OTLP_CERTIFICATE: the file cannot be read'],
    [{ OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: 'c.pem' }, {}, 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: a client certificate needs its key'],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://' },
      { url: 'http://localhost:4317' },
      'OTEL_EXPORTER_OTLP_ENDPOINT is not a gRPC address',
    ],
  ])('%j is reported once and replaced, and no secret is quoted', (env, expected, notice) => {
    const { notices } = settingsOf(env);
    expect(targetOf(env)).toMatchObject(expected);
    expect(notices.filter((each) => each.includes(notice))).toHaveLength(1);
    expect(notices.join('\n')).not.toContain('hunter2');
  });
});

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
  ])('%j', (env, expected) => {
    expect(settingsOf(env)).toMatchObject({ ...expected, notices: [] });
  });

  it.each<[Env, string, Expected]>([
    [{ OTEL_TRACES_SAMPLER: 'jaeger_remote' }, 'OTEL_TRACES_SAMPLER=jaeger_remote is not supported', { sampler: { kind: 'parent_based' } }],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '7' },
      'OTEL_TRACES_SAMPLER_ARG=7 is not a number from 0 to 1',
      { sampler: { ratio: 1 } },
    ],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'half' }, 'OTEL_TRACES_SAMPLER_ARG=half', { sampler: { ratio: 1 } }],
    [{ OTEL_PROPAGATORS: 'xray' }, 'OTEL_PROPAGATORS=xray is not supported', { propagators: ['tracecontext', 'baggage'] }],
    [{ OTEL_PROPAGATORS: 'b3,jaeger' }, 'OTEL_PROPAGATORS=jaeger', { propagators: ['b3'] }],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'service.name=x,broken' }, 'ignored as a whole: item 2', { resource: { attributes: {} } }],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'a=%zz' }, 'ignored as a whole: item 1', { resource: { attributes: {} } }],
    [
      { OTEL_NODE_RESOURCE_DETECTORS: 'host,constructor' },
      'OTEL_NODE_RESOURCE_DETECTORS=constructor',
      { resource: { detectors: ['host'] } },
    ],
    [{ OTEL_SPAN_LINK_COUNT_LIMIT: 'few' }, 'OTEL_SPAN_LINK_COUNT_LIMIT=few', { spanLimits: { linkCountLimit: 128 } }],
    [{ OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: '0' }, 'OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT=0', { logLimits: { attributeCountLimit: 128 } }],
    [
      { OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_METRIC_EXPORT_TIMEOUT: '200' },
      'OTEL_METRIC_EXPORT_TIMEOUT=200 is longer than the interval',
      {},
    ],
    [
      { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'both' },
      'TEMPORALITY_PREFERENCE=both is unknown',
      { metrics: { pushes: [{ temporality: 'cumulative' }] } },
    ],
    [{ OTEL_METRICS_EXEMPLAR_FILTER: 'some' }, 'OTEL_METRICS_EXEMPLAR_FILTER=some is unknown', { exemplarFilter: 'trace_based' }],
    [{ OTEL_LOG_LEVEL: 'loud' }, 'OTEL_LOG_LEVEL=loud is unknown', { diagnosticsLevel: undefined }],
    [{ OTEL_BSP_EXPORT_TIMEOUT: '0' }, 'OTEL_BSP_EXPORT_TIMEOUT=0', {}],
    [{ HANDOFF_STDIO: 'perhaps' }, 'HANDOFF_STDIO=perhaps is not true, false, 1 or 0', { stdio: false }],
    [{ HANDOFF_CONSOLE_TO_STDERR: 'on' }, 'HANDOFF_CONSOLE_TO_STDERR=on', { consoleToStderr: false }],
    [{ HANDOFF_FLUSH_ON_PROCESS_EXIT: 'yes' }, 'HANDOFF_FLUSH_ON_PROCESS_EXIT=yes', { flushOnProcessExit: false }],
    [{ HANDOFF_FLUSH_TIMEOUT_MS: '70000' }, 'HANDOFF_FLUSH_TIMEOUT_MS=70000', { flushTimeoutMs: 2000 }],
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

describe('variables nobody reads', () => {
  it('are named, without their values', () => {
    const { notices } = settingsOf({
      OTEL_EXPORTER_OTLP_TRACE_ENDPOINT: 'hunter2',
      OTEL_EXPORTER_ZIPKIN_ENDPOINT: 'hunter2',
      OTEL_EXPERIMENTAL_CONFIG_FILE: 'hunter2',
    });
    expect(notices).toEqual([
      'OTEL_EXPORTER_OTLP_TRACE_ENDPOINT is no setting we know, and is ignored.',
      'OTEL_EXPORTER_ZIPKIN_ENDPOINT is not supported and ignored. Send OTLP to a collector.',
      'OTEL_EXPERIMENTAL_CONFIG_FILE is not supported and ignored. Use OTEL_CONFIG_FILE.',
    ]);
  });

  it('are left in peace when they are for somebody else, or empty', () => {
    const env = {
      OTEL_PYTHON_LOG_CORRELATION: 'true',
      OTEL_RESOURCE_ATTRIBUTES_POD_NAME: 'p',
      OTEL_NODE_IP: '10.0.0.1',
      OTEL_WHATEVER: ' ',
    };
    expect(settingsOf(env).notices).toEqual([]);
  });
});

/** Every variable the SDK's own code asks for by a literal name, or by one it puts together for a signal. */
function readBySdk(): ReadonlySet<string> {
  const here = createRequire(import.meta.url);
  const scope = dirname(dirname(dirname(here.resolve('@opentelemetry/sdk-node'))));
  const packages = [
    'core',
    'sdk-node',
    'sdk-trace',
    'sdk-logs',
    'sdk-metrics',
    'resources',
    'otlp-exporter-base',
    'otlp-grpc-exporter-base',
    'exporter-prometheus',
    'exporter-metrics-otlp-http',
    'exporter-zipkin',
  ];
  const found = new Set<string>();
  for (const name of packages) {
    const dist = join(scope, name, 'dist');
    for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.cjs'))) {
      const source = readFileSync(join(dist, file), 'utf8');
      for (const [, literal] of source.matchAll(/(?:FromEnv|getStringListFromEnv)\)?\(\s*"(OTEL_[A-Z_]+)"|env(?:\.|\[")(OTEL_[A-Z_]+)/g))
        if (literal !== undefined) found.add(literal);
      for (const [, suffix] of source.matchAll(/`OTEL_EXPORTER_OTLP_\$\{\w+\}_([A-Z_]+)`/g))
        for (const signal of ['TRACES', 'METRICS', 'LOGS']) found.add(`OTEL_EXPORTER_OTLP_${signal}_${suffix}`);
    }
  }
  return found;
}

describe('the list of variables', () => {
  it('has every one that the SDK reads', () => {
    const read = readBySdk();
    expect(read.size).toBeGreaterThan(50);
    expect([...read].filter((name) => !knownVariables.has(name))).toEqual([]);
  });

  it('is the table of docs/telemetry.md', () => {
    const page = readFileSync(new URL('../../../../docs/telemetry.md', import.meta.url), 'utf8');
    expect(page).toContain(variableTable());
  });
});
