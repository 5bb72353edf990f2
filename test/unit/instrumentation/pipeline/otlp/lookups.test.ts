import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GrpcConnection } from '../../../../../src/instrumentation/pipeline/otlp/grpc/connection.js';
import { OtlpTransport } from '../../../../../src/instrumentation/pipeline/otlp/transport.js';
import { openTunnel } from '../../../../../src/instrumentation/pipeline/otlp/tunnel.js';
import { systemClock } from '../../../../../src/time/clock.js';

type Done = Parameters<LookupFunction>[2];

/** Names that were looked up and have no answer yet. */
const open: { readonly name: string; readonly done: Done }[] = [];
let most = 0;

beforeEach(() => {
  most = 0;
  vi.spyOn(dns, 'lookup').mockImplementation(((name: string, _options: unknown, done: Done) => {
    open.push({ name, done });
    most = Math.max(most, open.length);
  }) as unknown as typeof dns.lookup);
});
afterEach(() => vi.restoreAllMocks());

/** Answers lookups until nobody asks for one any more, and returns their names. */
function answered(): readonly string[] {
  const names: string[] = [];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    names.push(next.name);
    next.done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '', 0);
  }
  return names;
}

function overHttp(url: string): Promise<unknown> {
  const target = { url, compression: 'none', timeoutMs: 300 } as const;
  const transport = new OtlpTransport({ target, headers: {}, clock: systemClock, random: () => 0, connectTimeoutMs: 50 });
  return transport.send(new Uint8Array([1])).finally(() => transport.close());
}

function overGrpc(url: string): Promise<unknown> {
  const target = { url, headers: {}, compression: 'none' } as const;
  const connection = new GrpcConnection({ signal: 'traces', target, connectTimeoutMs: 50 });
  return connection.post(new Uint8Array([1]), 300).finally(() => connection.close());
}

it.each([
  ['HTTP', () => overHttp('http://collector.test:4318/v1/traces')],
  ['HTTPS', () => overHttp('https://collector.test:4318/v1/traces')],
  ['gRPC', () => overGrpc('http://collector.test:4317')],
  ['gRPC over TLS', () => overGrpc('https://collector.test:4317')],
  [
    'a tunnel through a proxy',
    () => openTunnel(new URL('http://collector.test:3128'), new URL('https://elsewhere.test'), 50).catch(() => undefined),
  ],
])('however often senders give up, one lookup is under way: over %s', async (_how, send) => {
  await Promise.all([send(), send()]);
  await Promise.all([send(), send()]);
  expect(open.map(({ name }) => name)).toEqual(['collector.test']);
  expect(answered()).toEqual(['collector.test']);
  expect(most).toBe(1);
});

it('other names wait for their turn, whatever the protocol', async () => {
  await Promise.all([overHttp('http://a.test/v1/traces'), overHttp('https://b.test/v1/logs'), overGrpc('http://c.test')]);
  expect(open).toHaveLength(1);
  expect([...answered()].sort()).toEqual(['a.test', 'b.test', 'c.test']);
  expect(most).toBe(1);
});
