import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OtlpTransport } from '../../../../src/providers/otlp/transport.js';
import { systemClock } from '../../../../src/time/clock.js';

const server = createServer((request, response) => {
  requests += 1;
  request.resume().on('end', () => response.end());
});
let requests = 0;
let url: string;

beforeEach(async () => {
  requests = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function transport(): OtlpTransport {
  return new OtlpTransport({ target: { url, compression: 'none', timeoutMs: 5000 }, headers: {}, clock: systemClock, random: () => 0, connectTimeoutMs: 1000 });
}

const connections = (): Promise<number> => new Promise((resolve, reject) => server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))));

describe('an OTLP transport', () => {
  it('lets go of all connections when closed, also those of exports that started together', async () => {
    const ours = transport();
    const results = await Promise.all(Array.from({ length: 4 }, () => ours.send(new Uint8Array([1]))));
    expect(results.map(({ accepted }) => accepted)).toEqual([true, true, true, true]);
    expect(await connections()).toBeGreaterThan(0);
    ours.close();
    await expect.poll(connections).toBe(0);
  });

  it('sends nothing after it was closed', async () => {
    const ours = transport();
    ours.close();
    expect(await ours.send(new Uint8Array([1]))).toEqual({ accepted: false, reason: 'stopped before it could be sent', errorType: 'stopped' });
    expect(requests).toBe(0);
  });
});
