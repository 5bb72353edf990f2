import { Agent, request } from 'node:http';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { listen } from '../../../src/server/listen.js';

it('names an IPv6 address in brackets', async () => {
  const listening = await listen('::1', 0, (_request, response) => response.end());
  expect(listening.url).toBe(`http://[::1]:${listening.port}`);
  await listening.close(0);
});

it('closes as soon as the last request is answered, though its client keeps the connection', async () => {
  let take = (_response: ServerResponse): void => undefined;
  const taken = new Promise<ServerResponse>((resolve) => (take = resolve));
  const listening = await listen('127.0.0.1', 0, (_request, response) => take(response));
  const agent = new Agent({ keepAlive: true });
  const answered = new Promise<string>((resolve, reject) => {
    request({ host: '127.0.0.1', port: listening.port, agent }, (response) => {
      response.on('data', (data) => resolve(String(data)));
    })
      .on('error', reject)
      .end();
  });
  const response = await taken;
  let cut = false;
  const closed = listening.close(20_000).then(() => (cut ? 'cut' : 'drained'));
  response.end('bye');
  expect(await answered).toBe('bye');
  // Node keeps an idle connection for 5 s: longer than this, and the connection was not let go.
  const deadline = setTimeout(() => {
    cut = true;
    agent.destroy();
  }, 3000);
  expect(await closed).toBe('drained');
  clearTimeout(deadline);
});

it('closes twice without harm', async () => {
  const listening = await listen('127.0.0.1', 0, (_request, response) => response.end());
  await Promise.all([listening.close(0), listening.close(0)]);
  await expect(listening.close(0)).resolves.toBeUndefined();
});
