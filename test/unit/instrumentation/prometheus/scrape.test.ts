import { Agent, createServer, get, IncomingMessage, request as httpRequest, ServerResponse } from 'node:http';
import { connect, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { diag } from '@opentelemetry/api';
import { afterEach, expect, it, vi } from 'vitest';
import { createScrape } from '../../../../src/instrumentation/prometheus/scrape.js';
import type { MetricsHandler } from '../../../../src/instrumentation/prometheus/scrape.js';
import { loadSdk } from '../../../../src/instrumentation/sdk/sdkModules.js';
import { parseOpenMetrics } from './openMetrics.js';

const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2';
const sdk = loadSdk();
const { metrics } = sdk;
const undo: (() => unknown)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const step of undo.splice(0)) await step();
});

async function serve(handler: MetricsHandler): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function start(stalledMs?: number) {
  const { reader, handler } = createScrape(sdk, { of: () => new Map() }, stalledMs);
  const provider = new metrics.MeterProvider({ readers: [reader] });
  undo.push(() => provider.shutdown());
  return { provider, reader, handler };
}

it('answers in the format and coding that are asked for', async () => {
  const { provider, handler } = start();
  const counter = provider.getMeter('lib').createCounter('c');
  for (let index = 0; index < 50; index += 1) counter.add(1, { index });
  const url = await serve(handler);
  const open = await fetch(url, { headers: { accept: OPEN_METRICS, 'accept-encoding': 'gzip' } });
  expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(open.headers.get('content-encoding')).toBe('gzip');
  expect(open.headers.get('vary')).toBe('Accept, Accept-Encoding');
  expect(parseOpenMetrics(await open.text()).find(({ name }) => name === 'c')?.samples).toHaveLength(50);
  const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(await plain.text()).toMatch(/^# TYPE c_total counter$/m);
});

it('tells of a value that cannot be shown at the default log level, once, and of what is only shown otherwise when asked', async () => {
  const [error, warn] = [vi.spyOn(diag, 'error'), vi.spyOn(diag, 'warn')];
  const { provider, handler } = start();
  const meter = provider.getMeter('lib');
  const fill = meter.createGauge('fill');
  fill.record(1, { a: 1 });
  fill.record(2, { a: '1' });
  meter.createCounter('c').add(1, { __name__: 'x' });
  const url = await serve(handler);
  for (let scrape = 0; scrape < 3; scrape += 1) await (await fetch(url)).text();
  expect(error.mock.calls).toEqual([[expect.stringMatching(/^metrics endpoint: the gauge fill has several values for the labels/)]]);
  expect(warn.mock.calls).toEqual([[expect.stringMatching(/^metrics endpoint: the attribute __name__ of c is not shown/)]]);
});

it('answers HEAD with the head alone', async () => {
  const { handler, reader } = start();
  const collect = vi.spyOn(reader, 'collect');
  const response = await fetch(await serve(handler), { method: 'HEAD', headers: { accept: OPEN_METRICS } });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
  expect(await response.text()).toBe('');
  expect(collect).not.toHaveBeenCalled();
});

it('answers many at once alike, also while another reader collects', async () => {
  const { provider, handler } = start();
  const counter = provider.getMeter('lib').createCounter('c');
  const url = await serve(handler);
  for (let round = 1; round <= 5; round += 1) {
    counter.add(1);
    const pages = await Promise.all(Array.from({ length: 8 }, async () => (await fetch(url)).text()));
    expect(pages.map((page) => /^c_total\{.*\} (\d+)$/m.exec(page)?.[1])).toEqual(Array.from({ length: 8 }, () => String(round)));
  }
});

it('one instrument that fails leaves the others in the answer', async () => {
  const { provider, handler } = start();
  const meter = provider.getMeter('lib');
  meter.createCounter('c').add(1);
  meter.createObservableGauge('broken').addCallback(() => {
    throw new Error('no');
  });
  meter.createObservableGauge('fine').addCallback((result) => result.observe(2));
  const page = await (await fetch(await serve(handler))).text();
  expect(page).toMatch(/^c_total\{.*\} 1$/m);
  expect(page).toMatch(/^fine\{.*\} 2$/m);
});

it('answers 503 after the shutdown', async () => {
  const { provider, handler } = start();
  const url = await serve(handler);
  await provider.shutdown();
  const response = await fetch(url);
  expect([response.status, await response.text()]).toEqual([503, 'metrics endpoint is shut down\n']);
});

it('answers 500 when the metrics cannot be written out, and leaves no rejection behind', async () => {
  const { handler, reader } = start();
  vi.spyOn(reader, 'collect').mockRejectedValue(new TypeError('broken'));
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  undo.push(() => process.off('unhandledRejection', unhandled));
  expect((await fetch(await serve(handler))).status).toBe(500);
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).not.toHaveBeenCalled();
});

it('survives a scraper that leaves while its page is made', async () => {
  const { provider, handler } = start();
  let observe = (): void => {};
  const observed = new Promise<void>((resolve) => {
    observe = resolve;
  });
  let asked = false;
  provider
    .getMeter('lib')
    .createObservableGauge('slow')
    .addCallback(async () => {
      asked = true;
      await observed;
    });
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  undo.push(() => process.off('unhandledRejection', unhandled));
  const url = await serve(handler);
  const leaving = httpRequest(url).on('error', () => {});
  leaving.end();
  await expect.poll(() => asked).toBe(true);
  leaving.destroy();
  observe();
  expect((await fetch(url)).status).toBe(200);
  expect(unhandled).not.toHaveBeenCalled();
});

it('keeps only some pages that nobody takes, and those not for ever', async () => {
  const { provider, handler } = start(4000);
  const counter = provider.getMeter('lib').createCounter('c');
  // More than the buffers of a connection hold.
  for (let index = 0; index < 1000; index += 1) counter.add(1, { index, text: 'x'.repeat(10_000) });
  const url = await serve(handler);
  const scrapers = Array.from({ length: 16 }, () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
    undo.push(() => socket.destroy());
    socket.on('error', () => {});
    return socket;
  });
  for (const socket of scrapers) socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const status = async (): Promise<number> => {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.status;
  };
  await expect.poll(status).toBe(503);
  await expect.poll(status).toBe(200);
});

it('answers as often as it likes to a host that makes up the request, and never says that it took the answer', async () => {
  const { handler } = start();
  for (let scrape = 0; scrape < 20; scrape += 1) {
    const request = new IncomingMessage(new Socket());
    const response = new ServerResponse(request);
    await new Promise<void>((resolve) => {
      response.end = () => (resolve(), response);
      handler(request, response);
    });
    expect(response.statusCode).toBe(200);
  }
});

it('sets no limit to what its host answers by the same connection after a scrape', async () => {
  const { handler } = start(200);
  const server = createServer((request, response) => {
    if (request.url === '/metrics') return handler(request, response);
    response.write('begin, ');
    setTimeout(() => response.end('end'), 700);
  });
  // As behind a load balancer that is to end idle connections itself.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  undo.push(() => {
    agent.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const ask = (path: string) =>
    new Promise<string>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, agent }, (response) => {
        response.setEncoding('utf8').on('error', reject);
        response.toArray().then((parts) => resolve(parts.join('')), reject);
      }).on('error', reject);
    });
  await ask('/metrics');
  expect(await ask('/slow')).toBe('begin, end');
});
