import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../../../setup/freePort.js';
import { randomPassword, startThrowawayRedis } from '../../../../setup/throwawayRedis.js';
import type { ThrowawayServer } from '../../../../setup/throwawayServer.js';
import { tlsFiles } from '../../../../setup/tlsFiles.js';
import { finding, runDoctor } from './runDoctor.js';

let redis: ThrowawayServer;
let admin: Redis;

beforeAll(async () => {
  redis = await startThrowawayRedis({ settings: { maxmemory: '50mb', 'maxmemory-policy': 'allkeys-lru' } });
  admin = new Redis(redis.url);
});
afterAll(async () => {
  admin.disconnect();
  await redis.stop();
});

const withPassword = (password: string): string => {
  const url = new URL(redis.url);
  url.password = password;
  return url.href;
};

it('a Redis that evicts and accepts the credentials is fine', async () => {
  const { verdict, says } = await finding('cache.redis', { REDIS_URL: redis.url });
  expect([verdict, says]).toEqual(['fine', expect.stringMatching(/^Redis \d+\.\d+\.\d+ answers and accepts the credentials\.$/u)]);
});

it('tells a wrong password', async () => {
  expect(await finding('cache.redis', { REDIS_URL: withPassword('wrong') })).toMatchObject({
    verdict: 'warning',
    says: 'Redis refuses this server (WRONGPASS).',
    remedy: expect.stringContaining('Redis rejected the user name or password in REDIS_URL'),
  });
});

it('tells a missing password', async () => {
  expect(await finding('cache.redis', { REDIS_URL: withPassword('') })).toMatchObject({
    verdict: 'warning',
    says: 'Redis refuses this server (NOAUTH).',
    remedy: expect.stringContaining('Redis requires a password'),
  });
});

it('tells a closed port', async () => {
  const port = await freePort();
  expect(await finding('cache.redis', { REDIS_URL: `redis://127.0.0.1:${port}` })).toMatchObject({
    verdict: 'warning',
    says: 'Redis cannot be used (ECONNREFUSED).',
    remedy: expect.stringContaining('Look whether Redis runs'),
  });
});

it('tells a certificate of an unknown authority, and a client certificate that is missing', async () => {
  const files = tlsFiles();
  const tlsPort = await freePort();
  const password = randomPassword();
  const secured = await startThrowawayRedis({
    password,
    settings: {
      'tls-port': String(tlsPort),
      'tls-ca-cert-file': files.ca.OTEL_EXPORTER_OTLP_CERTIFICATE,
      'tls-cert-file': files.fileOf('server.pem', files.server.cert),
      'tls-key-file': files.fileOf('server.key', files.server.key),
    },
  });
  const REDIS_URL = `rediss://:${password}@localhost:${tlsPort}`;
  const REDIS_TLS_CA_FILE = files.ca.OTEL_EXPORTER_OTLP_CERTIFICATE;
  try {
    for (const env of [{ REDIS_URL }, { REDIS_URL, REDIS_TLS_CA_FILE }])
      expect(await finding('cache.redis', env)).toMatchObject({
        verdict: 'warning',
        says: expect.stringMatching(/^No TLS connection to Redis can be made \([A-Z0-9_]+\)\.$/u),
        remedy: expect.stringContaining('REDIS_TLS_CA_FILE'),
      });
  } finally {
    await secured.stop();
    files.remove();
  }
});

it('tells of certificates where Redis ends a connection over TLS before it can say why', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).once('data', () => socket.resetAndDestroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const env of [{ REDIS_URL: `rediss://${address}` }, { REDIS_CLUSTER: `rediss://${address}` }])
      expect(await finding('cache.redis', env)).toMatchObject({
        verdict: 'warning',
        says: expect.stringMatching(/^No TLS connection to Redis can be made/u),
        remedy: expect.stringContaining('REDIS_TLS_CERT_FILE'),
      });
    expect(await finding('cache.redis', { REDIS_URL: `redis://${address}` })).toMatchObject({
      says: expect.stringMatching(/^Redis cannot be used/u),
    });
  } finally {
    server.close();
  }
});

it('tells a file for TLS that cannot be read', async () => {
  expect(await finding('cache.redis', { REDIS_URL: 'rediss://localhost', REDIS_TLS_CA_FILE: '/nowhere/ca.pem' })).toMatchObject({
    verdict: 'failure',
    says: 'REDIS_TLS_CA_FILE is "/nowhere/ca.pem", but must be a file that can be read (ENOENT).',
  });
});

it('tells Sentinels that are away, each by its address', async () => {
  const [first, second] = [await freePort(), await freePort()];
  const env = { REDIS_SENTINELS: `127.0.0.1:${first},127.0.0.1:${second}/mymaster` };
  expect(await finding('cache.redis', env)).toMatchObject({ verdict: 'warning', says: 'No Sentinel names a master.' });
  const nodes = (await runDoctor(['cache.nodes'], env)).get('cache.nodes');
  expect(nodes?.map(({ says }) => says)).toEqual([first, second].map((port) => `127.0.0.1:${port} takes no connections (ECONNREFUSED).`));
});

it.each([
  ['0', 'allkeys-lru', 'Redis has no maxmemory, so that a cache can fill the memory of its machine.'],
  ['50mb', 'noeviction', 'Redis evicts nothing (maxmemory-policy noeviction): when it is full, nothing more can be cached.'],
])('tells maxmemory %s with %s', async (maxmemory, policy, says) => {
  await admin.config('SET', 'maxmemory', maxmemory, 'maxmemory-policy', policy);
  const found = await finding('cache.redis', { REDIS_URL: redis.url });
  await admin.config('SET', 'maxmemory', '50mb', 'maxmemory-policy', 'allkeys-lru');
  expect(found).toMatchObject({ verdict: 'warning', says, remedy: expect.stringContaining('maxmemory-policy allkeys-lru') });
});

it('tells a replica', async () => {
  await admin.replicaof('127.0.0.1', String(await freePort()));
  const found = await finding('cache.redis', { REDIS_URL: redis.url });
  await admin.replicaof('NO', 'ONE');
  expect(found).toMatchObject({ verdict: 'warning', says: 'REDIS_URL leads to a replica, which accepts no writes.' });
});
