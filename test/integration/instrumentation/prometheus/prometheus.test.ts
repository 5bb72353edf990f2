import { Agent, createServer, get } from 'node:http';
import { Socket, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { instrument } from '../../../../src/instrumentation/instrument.js';
import type { Instrumentation } from '../../../../src/instrumentation/handle.js';
import type { TelemetryOptions } from '../../../../src/instrumentation/settings/options.js';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import { freePort } from '../../../setup/freePort.js';
import { runProcess } from '../instrumentedProcess.js';
import { expectWithin } from '../../../setup/expectWithin.js';

let running: Instrumentation | undefined;

afterEach(async () => {
  await running?.shutdown();
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
});

function start(options: TelemetryOptions): Instrumentation {
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ??= 'http://127.0.0.1:1';
  running = instrument({ exitHooks: false, flushTimeoutMs: 500, ...options });
  return running;
}

async function address(instrumentation: Instrumentation): Promise<string> {
  await expect.poll(() => instrumentation.status().signals?.prometheus.address).toMatch(/^http:/);
  return instrumentation.status().signals?.prometheus.address ?? '';
}

describe('the Prometheus endpoint', () => {
  it('shows, under the names the collector path gives, the values that go out by OTLP', async () => {
    await using receiver = await startOtlpReceiver();
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = receiver.url;
    const h = start({ serviceName: 'shop', prometheus: { port: 0 } });
    h.meter.createHistogram('wait.duration', { unit: 's', advice: { explicitBucketBoundaries: [1] } }).record(0.5, { 'a.b': 'x"y' });
    h.meter.createCounter('cache.operations', { unit: '{operation}' }).add(3);
    h.meter.createUpDownCounter('content.held', { unit: 'By' }).add(7);
    h.meter.createGauge('fill', { unit: '1' }).record(0.25);

    const response = await fetch(await address(h));
    const text = await response.text();
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const scope = 'otel_scope_name="handoff-otel",otel_scope_version="0.1.0"';
    expect(text).toContain('# TYPE wait_duration_seconds histogram');
    expect(text).toContain(`wait_duration_seconds_bucket{a_b="x\\"y",${scope},le="1"} 1`);
    expect(text).toContain(`cache_operations_total{${scope}} 3`);
    expect(text).toContain(`content_held_bytes{${scope}} 7`);
    expect(text).toContain(`fill_ratio{${scope}} 0.25`);
    expect(text).toMatch(/^target_info\{.*service_name="shop".*\} 1$/m);
    expect(text).not.toMatch(/command_args|process_owner/);

    await h.flush();
    const sent = receiver.metricPoints().map(({ metric }) => metric);
    expect(sent).toEqual(expect.arrayContaining(['wait.duration', 'cache.operations', 'content.held', 'fill']));
  });

  it('does not let strangers who connect and say nothing take all files that the process may open', async () => {
    const h = start({ prometheus: { port: 0 } });
    const { port } = new URL(await address(h));
    const closed = new Set<Socket>();
    const strangers = Array.from({ length: 160 }, () => {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
      return socket.on('close', () => closed.add(socket));
    });
    await expect.poll(() => closed.size).toBe(32);
    for (const stranger of strangers) stranger.destroy();
    await expect.poll(() => fetch(`http://127.0.0.1:${port}/metrics`).then(({ status }) => status, String)).toBe(200);
  });

  it('answers only GET /metrics', async () => {
    const url = await address(start({ prometheus: { port: 0 } }));
    expect((await fetch(url.replace('/metrics', '/other'))).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}?name[]=x`)).status).toBe(200);
  });

  it('can be mounted on the host’s own server instead', async () => {
    const h = start({ prometheus: { listen: false } });
    h.meter.createCounter('mounted').add(1);
    const server = createServer(h.metricsHandler);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('mounted_total');
    expect(h.status().signals?.prometheus).toEqual({ enabled: true });
    server.close();
  });

  it('says 503 while it is off', async () => {
    const h = start({ stdio: true });
    const server = createServer(h.metricsHandler);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(503);
    server.close();
  });

  it('frees its port at shutdown', async () => {
    const h = start({ prometheus: { port: 0 } });
    const url = await address(h);
    await h.shutdown();
    await expect(fetch(url)).rejects.toThrow();
  });
});

it('a taken port is reported on stderr and in the status, and survived', async () => {
  await using receiver = await startOtlpReceiver();
  const code = `
    import { Agent, createServer, get } from 'node:http';
    import { instrument } from './src/instrumentation/instrument.ts';
    const taken = createServer();
    await new Promise((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const h = instrument({ prometheus: { port: taken.address().port } });
    h.meter.createCounter('survivor').add(1);
    while (h.status().signals.prometheus.problem === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    taken.close();
    process.stdout.write(JSON.stringify(h.status().signals.prometheus));`;
  const { code: exit, stdout, stderr } = await runProcess({ code, env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
  expect(exit, stderr).toBe(0);
  expect(stdout).toMatch(/"problem":"127\.0\.0\.1:\d+: the port is taken"/);
  expect(stderr).toMatch(/handoff-otel: Prometheus endpoint 127\.0\.0\.1:\d+: the port is taken\. .*OTEL_EXPORTER_PROMETHEUS_PORT/);
  expect(receiver.metricPoints().map(({ metric }) => metric)).toContain('survivor');
});

it('a host that is none of this machine is reported with advice about the host', async () => {
  const code = `
    import { instrument } from './src/instrumentation/instrument.ts';
    const h = instrument({ prometheus: { port: 0 } });
    while (h.status().signals.prometheus.problem === undefined) await new Promise((resolve) => setTimeout(resolve, 5));`;
  const { stderr } = await runProcess({ code, env: { OTEL_EXPORTER_PROMETHEUS_HOST: '[::1]:9464', OTEL_TRACES_EXPORTER: 'none' } });
  expect(stderr).toMatch(
    /handoff-otel: Prometheus endpoint .*keeps working; set OTEL_EXPORTER_PROMETHEUS_HOST to an address of this machine/,
  );
});

it('no scraper and no idle connection holds a process that has nothing left to do', async () => {
  const code = `
    import { instrument } from './src/instrumentation/instrument.ts';
    const h = instrument();
    while (h.status().signals.prometheus.address === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    process.stdin.resume();
    process.stdout.write('READY');`;
  const port = await freePort();
  const agent = new Agent({ keepAlive: true });
  const idle = new Socket();
  const scraped = Promise.withResolvers<number>();
  const outcome = await runProcess({
    code,
    env: {
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    },
    onReady: (child) => {
      idle
        .on('error', () => undefined)
        .connect(port, '127.0.0.1', () => {
          get({ port, path: '/metrics', agent }, (response) => {
            scraped.resolve(response.statusCode ?? 0);
            response.resume().on('end', () => child.stdin.end());
          });
        });
    },
  });
  agent.destroy();
  idle.destroy();
  expect(await scraped.promise).toBe(200);
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  expectWithin(outcome.durationMs, 0, 3000);
});

it('worker threads into which the package is preloaded neither open the endpoint nor complain of the port, unless code asks for one', async () => {
  const thread = `
    const { instrument } = await import('./src/instrumentation/instrument.ts');
    const { parentPort } = await import('node:worker_threads');
    const { createServer } = await import('node:net');
    const first = instrument();
    // Whoever tries the port later is refused later.
    await new Promise((resolve) => createServer().on('error', resolve).listen(Number(process.env.OTEL_EXPORTER_PROMETHEUS_PORT), '127.0.0.1'));
    const status = first.status().signals.prometheus;
    const answered = await new Promise((resolve) => first.metricsHandler({ headers: {}, method: 'HEAD' }, { setHeader() {}, end: () => resolve(true) }));
    await first.shutdown();
    const asked = instrument({ prometheus: { port: 0 } });
    while (asked.status().signals.prometheus.address === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    await asked.shutdown();
    parentPort.postMessage({ status, answered });`;
  const code = `
    import { Worker } from 'node:worker_threads';
    import { once } from 'node:events';
    import { instrument } from './src/instrumentation/instrument.ts';
    const h = instrument();
    while (h.status().signals.prometheus.address === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    const env = { ...process.env, OTEL_EXPORTER_PROMETHEUS_PORT: new URL(h.status().signals.prometheus.address).port };
    const [seen] = await once(new Worker(${JSON.stringify(`(async () => {${thread}})()`)}, { eval: true, env }), 'message');
    process.stdout.write(JSON.stringify(seen));
    process.exit();`;
  const { stdout, stderr } = await runProcess({
    code,
    flags: ['--import', './src/register.ts'],
    env: { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'prometheus' },
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ status: { enabled: true }, answered: true });
});
