import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listen } from '../../../../src/handoff/server/listen.js';
import type { Listening } from '../../../../src/handoff/server/listen.js';

/** The timers of a server that closes are the test's; those of the sockets, which are Node's own, are not. */

const LIMITS = { maxConnections: 10, maxOpen: 10, maxHeldBytes: 1_000_000, maxUnreadMs: 60_000, keepAliveMs: 600_000 };
const GRACE_MS = 1000;

let listening: Listening;
let agent: Agent;
let begun: ServerResponse[];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  begun = [];
  agent = new Agent({ keepAlive: true });
  const onRequest = (_request: IncomingMessage, response: ServerResponse): void => {
    begun.push(response);
    response.write('begun');
  };
  listening = await listen('127.0.0.1', 0, LIMITS, { onRequest, onBusy: onRequest });
});

afterEach(async () => {
  agent.destroy();
  await listening.close(0);
  vi.useRealTimers();
});

/** The beginning of an answer, whose connection is kept. */
async function ask(): Promise<IncomingMessage> {
  const [answer] = (await once(get({ host: '127.0.0.1', port: listening.port, agent }), 'response')) as [IncomingMessage];
  expect(answer.headers.connection).toBe('keep-alive');
  return answer;
}

it('lets go of a connection whose answer is over only after those that were idle have been closed, and leaves no timer', async () => {
  const answer = await ask();
  const closed = listening.close(20_000);
  vi.advanceTimersByTime(GRACE_MS);
  begun[0]?.end(' and over');
  const pieces = await answer.setEncoding('utf8').toArray();
  expect(pieces.join('')).toBe('begun and over');
  // Node would keep the connection for ten minutes.
  await closed;
  expect(vi.getTimerCount()).toBe(0);
});

it('leaves no timer when there was nothing to wait for', async () => {
  await listening.close(20_000);
  expect(vi.getTimerCount()).toBe(0);
});

it('answers a request that came in time, though the process was too busy to read it before the grace was over', async () => {
  const first = await ask();
  begun[0]?.end();
  await first.toArray();
  const asked = get({ host: '127.0.0.1', port: listening.port, agent });
  const answered = once(asked, 'response');
  // Written, and not yet read: both ends are in this process, whose event loop looks at sockets after what comes now.
  await once(asked, 'finish');
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toHaveLength(1);
  const closed = listening.close(20_000);
  vi.advanceTimersByTime(GRACE_MS);
  const [second] = (await answered) as [IncomingMessage];
  begun[1]?.end();
  expect(second.headers.connection).toBe('close');
  await second.toArray();
  await closed;
});

it('keeps an idle connection for the grace, and no longer than there is time to drain', async () => {
  const answer = await ask();
  const { socket } = answer;
  begun[0]?.end();
  await answer.toArray();
  const gone = vi.fn();
  socket.once('close', gone);
  const closed = listening.close(300);
  vi.advanceTimersByTime(299);
  await new Promise((resolve) => setImmediate(resolve));
  expect(gone).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  await closed;
});
