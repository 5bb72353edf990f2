import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startServer } from '../setup/serverProcess.js';

it('a signal during a slow start ends the process at once, by that signal', async () => {
  // Takes connections and never answers: the start waits for the database as long as it is allowed to.
  const silent = createServer(() => undefined);
  const connected = new Promise((resolve) => silent.once('connection', resolve));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const server = startServer(['--stdio'], {
    DATABASE_URL: `postgres://u@127.0.0.1:${port}/d`,
    HANDOFF_PG_CONNECT_TIMEOUT_MS: '60000',
    OTEL_SDK_DISABLED: 'true',
  });
  await connected;
  const ended = server.kill('SIGTERM');
  expect(await Promise.race([ended, delay(5000, 'still running')])).toEqual({ code: null, signal: 'SIGTERM' });
  silent.close();
}, 60_000);
