import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from '../../setup/freePort.js';

const RANGE = '/proc/sys/net/ipv4/ip_local_port_range';

it('gives a port that can be listened at, and none that the system gives to whoever asks for any', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  const [lowest = 0] = existsSync(RANGE) ? readFileSync(RANGE, 'utf8').trim().split(/\s+/u).map(Number) : [];
  expect(port).toBeLessThan(lowest > 10_000 ? lowest : 65_536);
});
