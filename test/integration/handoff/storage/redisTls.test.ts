import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import { openCache } from '../../../../src/handoff/cli/openStorage.js';
import { resolveConfig } from '../../../../src/handoff/config/resolve.js';
import { connectRedis } from '../../../../src/handoff/storage/redisClient.js';
import { systemClock } from '../../../../src/time/clock.js';
import { freePort } from '../../../setup/freePort.js';
import { randomPassword, startThrowawayRedis } from '../../../setup/throwawayRedis.js';
import { tlsFiles } from '../../../setup/tlsFiles.js';

const CLIENT_HELLO = 0x16;
const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** Notes the first byte of every connection, which tells TLS from plain text, and ends the connection. */
async function listener(firstBytes: number[]): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (chunk) => {
      firstBytes.push(chunk[0] ?? -1);
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

it.each([
  ['rediss://', true],
  ['redis://', false],
])('Sentinels after %s are spoken to by TLS: %s', async (scheme, isTls) => {
  const firstBytes: number[] = [];
  const port = await listener(firstBytes);
  const { settings } = resolveConfig({
    DATABASE_URL: 'postgres://localhost/none',
    REDIS_SENTINELS: `${scheme}:secret@127.0.0.1:${port}/primary`,
  });
  const cache = await openCache(settings, () => undefined);
  try {
    await expect.poll(() => firstBytes.length).toBeGreaterThan(0);
    expect(firstBytes[0] === CLIENT_HELLO).toBe(isTls);
  } finally {
    await cache.close();
  }
});

it('a Redis of an authority of its own that asks for a client certificate is used, also after all certificates were replaced', async () => {
  const files = tlsFiles();
  const next = tlsFiles();
  const password = randomPassword();
  const tlsPort = await freePort();
  const own = (of: typeof files): Record<string, string> => ({
    'tls-ca-cert-file': of.ca.OTEL_EXPORTER_OTLP_CERTIFICATE,
    'tls-cert-file': of.fileOf('server.pem', of.server.cert),
    'tls-key-file': of.fileOf('server.key', of.server.key),
  });
  const server = await startThrowawayRedis({ password, settings: { 'tls-port': String(tlsPort), ...own(files) } });
  const admin = new Redis(server.url);
  const failures: string[] = [];
  const { settings, warnings } = resolveConfig({
    DATABASE_URL: 'postgres://localhost/none',
    REDIS_URL: `rediss://:${password}@localhost:${tlsPort}`,
    REDIS_TLS_CA_FILE: files.mutual.OTEL_EXPORTER_OTLP_CERTIFICATE,
    REDIS_TLS_CERT_FILE: files.mutual.OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE,
    REDIS_TLS_KEY_FILE: files.mutual.OTEL_EXPORTER_OTLP_CLIENT_KEY,
    HANDOFF_REDIS_COMMAND_TIMEOUT_MS: '2000',
  });
  expect(warnings).toEqual([]);
  const cache = await openCache(settings, (operation) => failures.push(operation));
  const arrives = async (): Promise<string | null> => {
    const key = `handoff:${randomUUID()}`;
    await cache.set(key, 'value', 60);
    return admin.get(key);
  };
  try {
    expect([await arrives(), failures]).toEqual(['value', []]);
    await admin.config('SET', ...Object.entries(own(next)).flat());
    const client = next.authority.issue('client');
    files.fileOf('client.pem', client.cert);
    files.fileOf('client.key', client.key);
    files.fileOf('ca.pem', next.authority.cert);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await expect.poll(arrives, { timeout: 15_000 }).toBe('value');
  } finally {
    await cache.close();
    admin.disconnect();
    await server.stop();
    files.remove();
    next.remove();
  }
});

it.each([
  [{ REDIS_TLS_CERT_FILE: '/c.pem' }, 'REDIS_TLS_KEY_FILE: nothing was given, but it must be a file as well'],
  [{ REDIS_TLS_KEY_FILE: '/k.pem' }, 'REDIS_TLS_CERT_FILE: nothing was given, but it must be a file as well'],
])('half a client certificate is refused: %j', (variables, message) => {
  expect(() => resolveConfig({ DATABASE_URL: 'postgres://localhost/none', REDIS_URL: 'rediss://localhost', ...variables })).toThrow(
    message,
  );
});

it('a file that cannot be read is refused at the start', async () => {
  const { settings } = resolveConfig({
    DATABASE_URL: 'postgres://localhost/none',
    REDIS_URL: 'rediss://localhost',
    REDIS_TLS_CA_FILE: '/nowhere/ca.pem',
  });
  await expect(openCache(settings, () => undefined)).rejects.toThrow(
    'REDIS_TLS_CA_FILE: "/nowhere/ca.pem" was given, but it must be a file that can be read (ENOENT)',
  );
});

it('a key that is not that of the certificate, and a certificate that is none, are refused at the start', async () => {
  const files = tlsFiles();
  const other = tlsFiles();
  const opened = (cert: string, key: string): Promise<unknown> => {
    const { settings } = resolveConfig({
      DATABASE_URL: 'postgres://localhost/none',
      REDIS_URL: 'rediss://localhost:1',
      REDIS_TLS_CERT_FILE: cert,
      REDIS_TLS_KEY_FILE: key,
    });
    return openCache(settings, () => undefined);
  };
  try {
    const cert = files.mutual.OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE;
    const otherKey = other.mutual.OTEL_EXPORTER_OTLP_CLIENT_KEY;
    await expect(opened(cert, otherKey)).rejects.toThrow(
      `REDIS_TLS_KEY_FILE: ${JSON.stringify(otherKey)} was given, but it must be a file with the key, as PEM without a passphrase, of the certificate`,
    );
    const half = files.fileOf('half.pem', '-----BEGIN CERTIFICATE-----\nMIIB');
    await expect(opened(half, otherKey)).rejects.toThrow(
      `REDIS_TLS_CERT_FILE: ${JSON.stringify(half)} was given, but it must be a file with a certificate as PEM`,
    );
  } finally {
    files.remove();
    other.remove();
  }
});

it('certificate and key of one connection are of the same moment, so that one that begins while both are replaced does not end all', async () => {
  const pairs = [1, 2, 3, 4, 5, 6].map((number) => ({ cert: Buffer.from(`cert ${number}`), key: Buffer.from(`key ${number}`) }));
  let reads = 0;
  const client = await connectRedis({ url: 'rediss://localhost:1', tls: () => pairs[reads++ % pairs.length] ?? {} }, 100, {
    random: () => 0,
    clock: systemClock,
  });
  client.on('error', () => undefined);
  client.disconnect();
  const { tls } = (client as Redis).options;
  const [first, second] = [{ ...tls }, { ...tls }];
  const numberOf = (text: unknown): string | undefined => /\d+$/.exec(String(text))?.[0];
  expect(numberOf(first.key)).toBe(numberOf(first.cert));
  expect(numberOf(second.key)).toBe(numberOf(second.cert));
  expect(second.cert).not.toEqual(first.cert);
});

it.each([
  [
    { REDIS_URL: 'redis://localhost' },
    'REDIS_TLS_CA_FILE has no effect: REDIS_URL does not begin with rediss://, so that Redis is spoken to without TLS.',
  ],
  [
    { REDIS_CLUSTER: 'a:1' },
    'REDIS_TLS_CA_FILE has no effect: REDIS_CLUSTER does not begin with rediss://, so that Redis is spoken to without TLS.',
  ],
  [{}, 'REDIS_TLS_CA_FILE has no effect: no Redis is configured.'],
])('files without TLS are warned of: %j', (variables, warning) => {
  const { warnings } = resolveConfig({ DATABASE_URL: 'postgres://localhost/none', REDIS_TLS_CA_FILE: '/ca.pem', ...variables });
  expect(warnings).toEqual([warning]);
});
