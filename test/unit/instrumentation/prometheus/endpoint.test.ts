import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openPrometheusEndpoint } from '../../../../src/instrumentation/prometheus/endpoint.js';

async function opened(host: string): Promise<(hostHeader: string) => Promise<number | undefined>> {
  const endpoint = openPrometheusEndpoint(
    { host, port: 0 } as Parameters<typeof openPrometheusEndpoint>[0],
    (_request, response) => void response.end('metrics'),
    () => undefined,
    false,
  );
  onTestFinished(() => endpoint.close());
  await vi.waitFor(() => expect(endpoint.address()).toMatch(/^http:/u), 5000);
  const { port } = new URL(endpoint.address() ?? '');
  return async (hostHeader) => {
    const [answer] = (await once(get({ host: '127.0.0.1', port, path: '/metrics', headers: { host: hostHeader } }), 'response')) as [
      IncomingMessage,
    ];
    answer.resume();
    return answer.statusCode;
  };
}

it('on loopback, answers nobody who comes under the name of a site', async () => {
  const ask = await opened('127.0.0.1');
  expect(await ask('rebound.evil.example:9464')).toBe(403);
  expect(await ask('localhost:9464')).toBe(200);
  expect(await ask('host.docker.internal:9464')).toBe(200);
});

it('on another address, answers under every name, since scrapers come from elsewhere', async () => {
  const ask = await opened('0.0.0.0');
  expect(await ask('metrics.company.example')).toBe(200);
});

it('closes connections whose answer is not finished', async () => {
  const asked = Promise.withResolvers<undefined>();
  const endpoint = openPrometheusEndpoint(
    { host: '127.0.0.1', port: 0 } as Parameters<typeof openPrometheusEndpoint>[0],
    () => asked.resolve(undefined),
    () => undefined,
    false,
  );
  await vi.waitFor(() => expect(endpoint.address()).toMatch(/^http:/u), 5000);
  const request = get(endpoint.address() ?? '');
  onTestFinished(() => void request.destroy());
  const failed = once(request, 'error');
  await asked.promise;
  endpoint.close();
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
});

it('looks for the port of a worker no further than there are ports', async () => {
  const other = createServer();
  onTestFinished(() => void other.close());
  // Where somebody else has it, it is taken as well.
  await new Promise<void>((resolve) => other.once('error', () => resolve()).listen(65_535, '127.0.0.1', () => resolve()));
  const lines: string[] = [];
  const endpoint = openPrometheusEndpoint(
    { host: '127.0.0.1', port: 65_535 } as Parameters<typeof openPrometheusEndpoint>[0],
    (_request, response) => void response.end('metrics'),
    (line) => lines.push(line),
    true,
  );
  onTestFinished(() => endpoint.close());
  await expect.poll(() => lines).toEqual([expect.stringContaining('127.0.0.1:65535: the port is taken')]);
  expect(endpoint.address()).toBeUndefined();
});
