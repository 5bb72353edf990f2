import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

// The public surface, as literals: a name that goes or changes its kind breaks users; one that comes must be kept from then on.

interface Surface {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** Names an entry file exports, as written there; anything but a list of names (`export *`, `export const`) is refused. */
function exportsOf(file: string): Surface {
  const source = readFileSync(file, 'utf8');
  const lists = [...source.matchAll(/^export (type )?\{([^}]*)\} from /gmu)];
  expect(lists.length, `${file} exports by something else than lists of names`).toBe([...source.matchAll(/^export /gmu)].length);
  const names = (isType: boolean): string[] =>
    lists
      .filter(([, type]) => (type !== undefined) === isType)
      .flatMap(([, , list = '']) => list.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .sort();
  return { values: names(false), types: names(true) };
}

const index: Surface = {
  values: ['instrument'],
  types: [
    'BatchCounts',
    'CaptureOptions',
    'FoundSdk',
    'InstrumentOptions',
    'Instrumentation',
    'InstrumentationStatus',
    'LibraryCopy',
    'LibraryModules',
    'LibraryOptions',
    'LibraryStatus',
    'McpMode',
    'McpOptions',
    'McpSetup',
    'MetricsHandler',
    'OtlpProtocol',
    'PrometheusOptions',
    'PrometheusStatus',
    'PushCounts',
    'SignalStatus',
    'SignalsStatus',
  ],
};

const mcp: Surface = {
  values: ['McpInstrumentation'],
  types: ['CaptureOptions', 'McpInstrumentationConfig', 'McpMode', 'McpOptions', 'McpSetup'],
};

const services: Surface = {
  values: [
    'ConfigError',
    'HandoffError',
    'MissingPeerError',
    'classifyError',
    'createFileStore',
    'createHandoffServices',
    'createLogger',
    'createMemoryCache',
    'createPostgresDatabase',
    'createRedisCache',
    'createS3Store',
    'createStructuredLogger',
    'fromPool',
    'migrate',
    'openEmbeddedDatabase',
  ],
  types: [
    'AlertConfig',
    'AlertSink',
    'AlertTargets',
    'AlertThresholds',
    'Analytics',
    'AnalyticsConfig',
    'AnalyticsService',
    'Anomaly',
    'Archive',
    'Cache',
    'ClassifyingErrorHandler',
    'ComponentHealth',
    'ContextStats',
    'Database',
    'Degradation',
    'Degradations',
    'ErrorAlert',
    'ErrorCategory',
    'ErrorCode',
    'ErrorContext',
    'ErrorHandler',
    'ErrorResponse',
    'HandoffContext',
    'HandoffMetrics',
    'HandoffServices',
    'HandoffServicesOptions',
    'HandoffStats',
    'HealthStatus',
    'JobConfig',
    'JobConfigChange',
    'JobDefaults',
    'JobDefinition',
    'JobResult',
    'JobRun',
    'JobStats',
    'JobStatus',
    'Jobs',
    'JobsOptions',
    'LevelControl',
    'Lifecycle',
    'LogLevel',
    'LogLevels',
    'LoggerOptions',
    'Monitoring',
    'MonitoringChange',
    'MonitoringConfig',
    'MonitoringService',
    'ObjectStore',
    'PerformanceMetric',
    'PerformanceMetrics',
    'PerformanceTrends',
    'Queryable',
    'Recommendation',
    'Recommendations',
    'ReportQuery',
    'ResourceStats',
    'ResourceUsage',
    'Retention',
    'RetentionPolicy',
    'S3StoreOptions',
    'SessionManagerService',
    'SessionStats',
    'Sessions',
    'Statement',
    'StructuredLogger',
    'StructuredLoggerOptions',
    'SweepLimits',
    'SweepOutcome',
    'Sweeps',
    'SystemContext',
    'SystemMetrics',
    'ToolCallContext',
    'WarningContext',
  ],
};

const server: Surface = {
  values: ['handoffServerFactory', 'serveHandoffHttp', 'serveHandoffStdio'],
  types: ['HandoffServerOptions', 'HttpOptions', 'StdioOptions', 'StdioServing'],
};

const testing: Surface = {
  values: [
    'FakeClock',
    'TelemetryMismatchError',
    'TelemetryTimeoutError',
    'childrenOf',
    'descendantsOf',
    'expectHistogramPoint',
    'expectLog',
    'expectMetricPoint',
    'expectOneSpan',
    'findLogs',
    'findMetricPoints',
    'findSpan',
    'findSpans',
    'latestPoints',
    'startOtlpReceiver',
    'traceOf',
  ],
  types: [
    'AttributeExpectation',
    'AttributeExpectations',
    'AttributeRecord',
    'AttributeValue',
    'Clock',
    'ExponentialBuckets',
    'ExponentialHistogramPoint',
    'GaugePoint',
    'HistogramPoint',
    'LogQuery',
    'LogRecord',
    'MetricPoint',
    'MetricQuery',
    'OtlpReceiver',
    'OtlpReceiverOptions',
    'ReceivedTelemetry',
    'ReceiverBehaviour',
    'ResourceRecord',
    'ScopeRecord',
    'Signal',
    'SignalCounts',
    'SpanEventRecord',
    'SpanKindName',
    'SpanLinkRecord',
    'SpanQuery',
    'SpanRecord',
    'SpanStatusRecord',
    'SumPoint',
    'TemporalityName',
    'TextExpectation',
  ],
};

describe.each([
  { entry: 'handoff-otel', file: 'src/index.ts', load: () => import('../../src/index.js'), surface: index },
  { entry: 'handoff-otel/mcp', file: 'src/mcp.ts', load: () => import('../../src/mcp.js'), surface: mcp },
  { entry: 'handoff-otel/services', file: 'src/services.ts', load: () => import('../../src/services.js'), surface: services },
  { entry: 'handoff-otel/server', file: 'src/server.ts', load: () => import('../../src/server.js'), surface: server },
  { entry: 'handoff-otel/testing', file: 'src/testing.ts', load: () => import('../../src/testing.js'), surface: testing },
])('$entry', ({ file, load, surface }) => {
  it('exports these names and no others', () => {
    expect(exportsOf(file)).toEqual(surface);
  });

  it('has every value at run time', async () => {
    const module: object = await load();
    expect(Object.keys(module).sort()).toEqual(surface.values);
  });
});

it('handoff-otel/register exports nothing', () => {
  expect(readFileSync('src/register.ts', 'utf8')).not.toMatch(/^export /mu);
});

it('the package has these entry points and this command', () => {
  const manifest = z
    .object({ exports: z.record(z.string(), z.unknown()), bin: z.unknown(), sideEffects: z.unknown() })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  expect(Object.keys(manifest.exports)).toEqual(['.', './register', './mcp', './services', './server', './testing', './package.json']);
  expect(manifest.bin).toEqual({ 'handoff-otel': 'dist/cli.js' });
  expect(manifest.sideEffects).toEqual(['./dist/register.js', './dist/register.cjs', './dist/cli.js']);
  for (const file of ['index', 'register', 'mcp', 'services', 'server', 'testing']) {
    expect(manifest.exports[file === 'index' ? '.' : `./${file}`]).toEqual({
      import: { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` },
      require: { types: `./dist/${file}.d.cts`, default: `./dist/${file}.cjs` },
      default: `./dist/${file}.js`,
    });
  }
});
