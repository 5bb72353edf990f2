import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Door } from '../../../../src/handoff/server/door.js';
import { serveHandoffHttp } from '../../../../src/handoff/server/http.js';
import type { HttpOptions } from '../../../../src/handoff/server/http.js';
import type { Listening } from '../../../../src/handoff/server/listen.js';
import { modernRequest } from '../../instrumentation/mcp/modern.js';
import { FakeSessions } from './fakeSessions.js';
import { httpOptions } from './httpOptions.js';
import { INITIALIZE, JSON_HEADERS, raw } from './rawHttp.js';

let listening: Listening;
let ended = false;
const streams: AbortController[] = [];

async function serve(overrides: Partial<HttpOptions> = {}): Promise<void> {
  ended = false;
  listening = await serveHandoffHttp(httpOptions(new FakeSessions(), { arrivals: async () => [], ...overrides }));
}

beforeEach(() => vi.restoreAllMocks());
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.abort();
  if (!ended) await listening.close(0);
});

async function post(method: string, params: Record<string, unknown> = {}): Promise<Response> {
  const asked = modernRequest({ id: 1, method, params });
  const stream = new AbortController();
  streams.push(stream);
  return fetch(listening.url, { method: 'POST', headers: asked.headers, body: await asked.text(), signal: stream.signal });
}

const subscribe = (): Promise<Response> =>
  post('subscriptions/listen', { notifications: { resourceSubscriptions: ['handoff://handoffs/a'] } });

/** The first piece of a stream says what became of the request. */
async function firstOf(response: Response): Promise<string> {
  const { value } = (await response.body?.getReader().read()) ?? {};
  return new TextDecoder().decode(value);
}

it('are offered in the 2026 era only, since nothing can be told to a client whose every request is a connection', async () => {
  await serve();
  expect(await (await post('server/discover')).text()).toContain('"subscribe":true');
  expect((await raw(listening.port, { headers: JSON_HEADERS, body: INITIALIZE })).text).not.toContain('"subscribe":true');
});

it('leave half of the answers that may be open to calls', async () => {
  await serve({ maxOpenAnswers: 4 });
  expect(await firstOf(await subscribe())).toContain('acknowledged');
  expect(await firstOf(await subscribe())).toContain('acknowledged');
  expect(await firstOf(await subscribe())).toContain('"error"');
  expect((await raw(listening.port, { headers: JSON_HEADERS, body: INITIALIZE })).status).toBe(200);
});

it('end when the server closes, and do not hold it up', async () => {
  await serve();
  const stream = await subscribe();
  const text = stream.text();
  ended = true;
  // A test takes no minute.
  await listening.close(600_000);
  expect(await text).toContain('acknowledged');
});

it('a request that finds no room beside them is told when to come again', async () => {
  await serve({ maxOpenAnswers: 1 });
  expect(await firstOf(await subscribe())).toContain('acknowledged');
  const { status, headers } = await raw(listening.port, { headers: JSON_HEADERS, body: INITIALIZE });
  expect([status, headers['retry-after'], headers.connection]).toEqual([503, '1', 'close']);
});

it('the door is told of each connection', async () => {
  const connected = vi.spyOn(Door.prototype, 'connected');
  const calls = {
    hasRoom: () => true,
    enter: () => Promise.reject(new Error('no call')),
    refuse: () => 1,
    mostOpen: 1,
    degraded: () => [],
  };
  await serve({ calls });
  for (let each = 0; each < 2; each += 1) await raw(listening.port, { headers: JSON_HEADERS, body: INITIALIZE });
  expect(connected).toHaveBeenCalledTimes(2);
});
