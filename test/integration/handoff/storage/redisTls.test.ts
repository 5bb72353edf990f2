import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { openCache } from '../../../../src/handoff/cli/openStorage.js';
import { resolveConfig } from '../../../../src/handoff/config/resolve.js';

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
