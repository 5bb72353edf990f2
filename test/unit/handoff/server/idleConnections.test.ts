import { Agent, get } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { listen } from '../../../../src/handoff/server/listen.js';
import type { ListenLimits, Listening } from '../../../../src/handoff/server/listen.js';

const LIMITS: ListenLimits = { maxConnections: 100, maxOpen: 100, maxHeldBytes: 64 * 1024 * 1024, maxUnreadMs: 60_000 };

let listening: Listening | undefined;
const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await listening?.close(0);
});

/** Over a connection of its own, which stays open. */
function ask(port: number, path: string): Promise<{ readonly text: string; readonly kept: unknown }> {
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => {
      let text = '';
      response.on('data', (data) => (text += String(data)));
      response.on('end', () => resolve({ text, kept: response.headers['keep-alive'] }));
    }).on('error', reject);
  });
}

it.each([
  [1000, 'timeout=1'],
  [65_000, 'timeout=65'],
])('are kept for %d ms, which the answer says', async (keepAliveMs, kept) => {
  const onRequest: RequestListener = (_request, response) => void response.end('ok');
  listening = await listen('127.0.0.1', 0, { ...LIMITS, keepAliveMs }, { onRequest, onBusy: onRequest });
  expect(await ask(listening.port, '/')).toEqual({ text: 'ok', kept });
});

it('make room when the last place is taken, and those that wait for an answer do not', async () => {
  const held: ServerResponse[] = [];
  const onDropped = vi.fn();
  const onRequest: RequestListener = (incoming, response) => void (incoming.url === '/held' ? held.push(response) : response.end('ok'));
  listening = await listen(
    '127.0.0.1',
    0,
    { ...LIMITS, keepAliveMs: 65_000, maxConnections: 3 },
    { onRequest, onBusy: onRequest, onDropped },
  );
  const { port } = listening;
  const waiting = ask(port, '/held');
  await vi.waitFor(() => expect(held).toHaveLength(1));
  for (let each = 0; each < 6; each += 1) expect(await ask(port, '/')).toMatchObject({ text: 'ok' });
  expect(onDropped).not.toHaveBeenCalled();
  held[0]?.end('late');
  expect(await waiting).toMatchObject({ text: 'late' });
});

it('are not closed to make room while a request on them has come and is still to be read', async () => {
  const onRequest: RequestListener = (_request, response) => void response.end('ok');
  listening = await listen('127.0.0.1', 0, { ...LIMITS, keepAliveMs: 65_000, maxConnections: 2 }, { onRequest, onBusy: onRequest });
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  const again = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const asked = get({ host: '127.0.0.1', port: listening?.port, agent }, (response) => {
        response
          .setEncoding('utf8')
          .toArray()
          .then((pieces) => resolve(pieces.join('')), reject);
      });
      asked.on('error', reject);
    });
  expect(await again()).toBe('ok');
  // Both come before the server looks: first who takes the last place, then the request.
  await new Promise((resolve) => setImmediate(resolve));
  const last = connect(listening.port, '127.0.0.1');
  try {
    expect(await again()).toBe('ok');
  } finally {
    last.destroy();
  }
});

it('are not closed for the sake of connections that have ended since', async () => {
  const onRequest: RequestListener = (_request, response) => void response.end('ok');
  listening = await listen('127.0.0.1', 0, { ...LIMITS, keepAliveMs: 65_000, maxConnections: 4 }, { onRequest, onBusy: onRequest });
  const { port } = listening;
  const request = (agent: Agent | false): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const asked = get({ host: '127.0.0.1', port, agent }, (response) => {
        response.resume().once('close', () => resolve(asked.reusedSocket));
      }).on('error', reject);
    });
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  expect(await request(agent)).toBe(false);
  // More in all than there are places, one after the other.
  for (let each = 0; each < 8; each += 1) await request(false);
  expect(await request(agent)).toBe(true);
});
