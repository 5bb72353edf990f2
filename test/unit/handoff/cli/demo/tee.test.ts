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

it('says why the collector did not take a request, and passes that one on to nobody', async () => {
  const witness = await taker(0);
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise<void>((resolve) => closed.close(() => resolve()));
  const away = await startTee(witness.url, `http://127.0.0.1:${port}`);
  onTestFinished(() => away.close());
  expect(away.problem).toBeUndefined();
  expect((await fetch(`${away.url}/v1/logs`, { method: 'POST', body: 'x' })).status).toBe(502);
  expect(away.problem).toBe('ECONNREFUSED');
  const refusing = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void refusing.close());
  const refused = await startTee(witness.url, `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`);
  onTestFinished(() => refused.close());
  await fetch(`${refused.url}/v1/logs`, { method: 'POST', body: 'x' });
  expect([refused.problem, witness.taken]).toEqual(['HTTP 404 at /v1/logs', []]);
});
