import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../../src/instrumentation/settings/resolve.js';

describe('settings', () => {
  it('leave out an environment that must not be read, and say so', () => {
    const forbidden = new Proxy<Record<string, string>>(
      {},
      {
        ownKeys: () => {
          throw new Error('Requires env access, run again with the --allow-env flag');
        },
      },
    );
    const { notices, options } = resolveSettings({ serviceName: 'dice' }, forbidden);
    expect(options.serviceName).toBe('dice');
    expect(notices).toEqual([
      'The environment cannot be read, so its variables are not used: Requires env access, run again with the --allow-env flag.',
    ]);
  });

  it('send everything by OTLP and answer pulls, when nothing is said', () => {
    const settings = resolveSettings({}, {});
    expect(settings).toMatchObject({
      disabled: false,
      traces: {
        otlp: true,
        console: false,
        protocol: 'http/protobuf',
        outlets: [{ batch: { maxQueueSize: 32_768, maxBatchSize: 512, scheduleDelayMs: 1000 } }],
      },
      metrics: { otlp: true, console: false, pushes: [{ intervalMs: 60_000 }] },
      logs: {
        otlp: true,
        console: false,
        outlets: [{ batch: { maxQueueSize: 16_384, maxBatchSize: 512, scheduleDelayMs: 1000 } }],
      },
      flushTimeoutMs: 2000,
      prometheus: { enabled: true, listen: true, host: '127.0.0.1', port: 9464 },
      notices: [],
    });
  });

  it('take queues and intervals from OTEL_*', () => {
    const env = {
      OTEL_BSP_MAX_QUEUE_SIZE: '100',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '500',
      OTEL_BSP_SCHEDULE_DELAY: '0',
      OTEL_BLRP_MAX_QUEUE_SIZE: '7',
      OTEL_METRIC_EXPORT_INTERVAL: '250',
    };
    const settings = resolveSettings({}, env);
    expect(settings.traces.outlets[0]?.batch).toEqual({ maxQueueSize: 100, maxBatchSize: 100, scheduleDelayMs: 0 });
    expect(settings.logs.outlets[0]?.batch).toEqual({ maxQueueSize: 7, maxBatchSize: 7, scheduleDelayMs: 1000 });
    expect(settings.metrics.pushes[0]?.intervalMs).toBe(250);
  });

  it('report what cannot be used and go on with the default', () => {
    const env = {
      OTEL_BSP_MAX_QUEUE_SIZE: 'many',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'carrier-pigeon',
      OTEL_TRACES_EXPORTER: 'zipkin,otlp',
      HANDOFF_FLUSH_TIMEOUT_MS: '-1',
    };
    const settings = resolveSettings({}, env);
    expect(settings.traces.outlets[0]?.batch.maxQueueSize).toBe(32_768);
    expect(settings.traces).toMatchObject({ otlp: true, protocol: 'http/protobuf' });
    expect(settings.flushTimeoutMs).toBe(2000);
    for (const key of ['OTEL_BSP_MAX_QUEUE_SIZE', 'carrier-pigeon', 'OTEL_TRACES_EXPORTER: "zipkin"', 'HANDOFF_FLUSH_TIMEOUT_MS']) {
      expect(settings.notices.filter((notice) => notice.includes(key))).not.toEqual([]);
    }
  });

  it('take a protocol per signal', () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc' };
    const { traces, metrics, logs } = resolveSettings({}, env);
    expect([traces.protocol, metrics.protocol, logs.protocol]).toEqual(['http/json', 'http/json', 'grpc']);
  });

  it.each(['true', 'TRUE', ' True '])('are disabled by OTEL_SDK_DISABLED=%s', (value) => {
    expect(resolveSettings({}, { OTEL_SDK_DISABLED: value }).disabled).toBe(true);
  });

  it.each(['1', 'yes', 'false', ''])('are not disabled by OTEL_SDK_DISABLED=%s', (value) => {
    expect(resolveSettings({}, { OTEL_SDK_DISABLED: value }).disabled).toBe(false);
  });
});

describe('console exporters', () => {
  const env = { OTEL_TRACES_EXPORTER: 'console', OTEL_METRICS_EXPORTER: 'console', OTEL_LOGS_EXPORTER: 'otlp,console' };

  it('are refused on stdio, with a message for each', () => {
    const { traces, metrics, logs, notices } = resolveSettings({ stdio: true }, env);
    expect([traces, metrics, logs].map((signal) => signal.console)).toEqual([false, false, false]);
    expect(logs.otlp).toBe(true);
    expect(notices.filter((notice) => notice.includes('refused'))).toHaveLength(3);
  });

  it('are taken elsewhere', () => {
    expect(resolveSettings({}, env)).toMatchObject({
      traces: { otlp: false, console: true },
      logs: { otlp: true, console: true },
      notices: [],
    });
  });
});

describe('the Prometheus endpoint', () => {
  const prometheus = (options: Parameters<typeof resolveSettings>[0], env = {}) => resolveSettings(options, env).prometheus;

  it('is off on stdio until a port is set', () => {
    expect(prometheus({ stdio: true })).toMatchObject({ enabled: false, listen: false });
    expect(prometheus({ stdio: true, prometheus: { port: 0 } })).toMatchObject({ enabled: true, listen: true, port: 0 });
    expect(prometheus({ stdio: true }, { OTEL_EXPORTER_PROMETHEUS_PORT: '9999' })).toMatchObject({
      enabled: true,
      listen: true,
      port: 9999,
    });
  });

  it('can be mounted without a port of its own', () => {
    expect(prometheus({ prometheus: { listen: false } })).toMatchObject({ enabled: true, listen: false });
    expect(prometheus({ stdio: true, prometheus: { enabled: true } })).toMatchObject({ enabled: true, listen: false });
  });

  it('follows OTEL_METRICS_EXPORTER when that is set', () => {
    expect(prometheus({}, { OTEL_METRICS_EXPORTER: 'otlp' })).toMatchObject({ enabled: false });
    expect(prometheus({ stdio: true }, { OTEL_METRICS_EXPORTER: 'prometheus' })).toMatchObject({ enabled: true, listen: true });
    expect(prometheus({ prometheus: { port: 1 } }, { OTEL_METRICS_EXPORTER: 'none' })).toMatchObject({ enabled: false, listen: false });
  });

  it('reports a port that is none', () => {
    const settings = resolveSettings({ prometheus: { port: 70_000 } }, {});
    expect(settings.prometheus.port).toBe(9464);
    expect(settings.notices).toEqual(['prometheus.port: 70000 must be a whole number from 0 to 65535. The default is used.']);
  });

  it('takes its host from options, then from the environment', () => {
    const env = { OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0' };
    expect(prometheus({}, env).host).toBe('0.0.0.0');
    expect(prometheus({ prometheus: { host: '::1' } }, env).host).toBe('::1');
  });
});
