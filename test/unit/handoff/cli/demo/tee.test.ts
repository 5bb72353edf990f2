import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startTee } from '../../../../../src/handoff/cli/demo/tee.js';

/** Takes requests, each after `afterMs`. */
async function taker(afterMs: number): Promise<{ url: string; taken: string[] }> {
  const taken: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) =>
      setTimeout(() => {
        taken.push(text);
        response.end('{}');
      }, afterMs),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, taken };
}

it('passes a request on to both, also when its sender has gone meanwhile, and says when nothing is on its way', async () => {
  const [collector, witness] = await Promise.all([taker(0), taker(200)]);
  const tee = await startTee(witness.url, collector.url);
  onTestFinished(() => tee.close());
  const gone = new AbortController();
  const sent = fetch(`${tee.url}/v1/logs`, { method: 'POST', body: 'last', signal: gone.signal }).catch(() => 'aborted');
  await expect.poll(() => collector.taken).toEqual(['last']);
  gone.abort();
  expect(await sent).toBe('aborted');
  expect(witness.taken).toEqual([]);
  await tee.settled();
  expect(witness.taken).toEqual(['last']);
});
