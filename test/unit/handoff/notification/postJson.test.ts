import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from '../../../setup/freePort.js';
import { postJson } from '../../../../src/handoff/notification/postJson.js';

const post = (url: string): Promise<void> => postJson({ target: 'webhook', url, body: '{}', headers: {}, timeoutMs: 4000 });

it('takes an answer that never ends for what its status says, and reads no more of it than a little', async () => {
  let sent = 0;
  const chunk = Buffer.alloc(1024 * 1024);
  const goOn = (response: ServerResponse): void => {
    while (response.write(chunk)) sent += chunk.length;
    sent += chunk.length;
    response.once('drain', () => goOn(response));
  };
  const server = createServer((_, response) => {
    response.on('error', () => undefined);
    goOn(response.writeHead(200));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await post(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    // What the buffers of both ends hold.
    expect(sent).toBeLessThan(32 * chunk.length);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

it('says why there was no answer', async () => {
  await expect(post(`http://127.0.0.1:${await freePort()}`)).rejects.toThrow('(ECONNREFUSED)');
  await expect(post('http://gone.invalid')).rejects.toThrow('(ENOTFOUND)');
});
