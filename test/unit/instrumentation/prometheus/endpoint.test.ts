import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
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
