import { once } from 'node:events';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

function transportWith(agents: Agent[]) {
  const agentFactory = vi.fn(async () => {
    const agent = new Agent({ keepAlive: true });
    agents.push(agent);
    return agent;
  });
  const endpoint = { url, headers: async () => ({}), compression: 'none' as const, timeoutMillis: 5000, agentFactory };
  return new OtlpTransport({ endpoint, clock: systemClock, random: () => 0, connectTimeoutMs: 1000 });
}

describe('an OTLP transport', () => {
  it('uses one agent for exports that start together, and destroys it when closed', async () => {
    const agents: Agent[] = [];
    const transport = transportWith(agents);
    const results = await Promise.all(Array.from({ length: 4 }, () => transport.send(new Uint8Array([1]))));
    expect(results.map(({ accepted }) => accepted)).toEqual([true, true, true, true]);
    expect(agents).toHaveLength(1);
    transport.close();
    await expect.poll(() => agents.flatMap(({ freeSockets }) => Object.values(freeSockets).flat())).toEqual([]);
  });

  it('sends nothing after it was closed', async () => {
    const transport = transportWith([]);
    transport.close();
    expect(await transport.send(new Uint8Array([1]))).toEqual({ accepted: false, reason: 'stopped before it could be sent' });
    expect(requests).toBe(0);
  });
});
