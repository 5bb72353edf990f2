import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handoffServerFactory } from '../../../../src/handoff/server/createHandoffServer.js';
import { serveHandoffHttp } from '../../../../src/handoff/server/http.js';
import type { HttpOptions } from '../../../../src/handoff/server/http.js';
import type { Listening } from '../../../../src/handoff/server/listen.js';
import { session } from '../sessions/samples.js';
import { FakeSessions, LIMITS } from './fakeSessions.js';
import { httpOptions } from './httpOptions.js';
import { INITIALIZE, JSON_HEADERS, raw } from './rawHttp.js';

let fake: FakeSessions;
let listening: Listening | undefined;

beforeEach(() => {
  fake = new FakeSessions({ register: () => ({ kind: 'registered', session }), list: () => ({ items: [session], cursors: ['c'] }) });
});
afterEach(async () => {
  await listening?.close(0);
  listening = undefined;
});

async function serve(overrides: Partial<HttpOptions> = {}): Promise<Listening> {
  listening = await serveHandoffHttp(httpOptions(fake, overrides));
  return listening;
}

describe('the listener', () => {
  it('says that an address is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      await expect(serve({ port: (other.address() as AddressInfo).port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it('lets running requests finish when it closes, and takes no new ones', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let started = (): void => undefined;
    const running = new Promise<void>((resolve) => (started = resolve));
    const sessions = {
      ...fake.sessions,
      register: async () => {
        started();
        await released;
        return { kind: 'registered', session } as const;
      },
    };
    const { port, close } = await serve({ makeServer: handoffServerFactory({ sessions, limits: LIMITS, version: '1' }) });
    const call = raw(port, {
      headers: JSON_HEADERS,
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"register_session","arguments":{"sessionKey":"k","agentFrom":"a"}}}',
    });
    await running;
    const closed = close(10_000);
    await expect(raw(port, { headers: JSON_HEADERS, body: INITIALIZE })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    release();
    expect((await call).text).toContain('Session registered successfully');
    await closed;
  });

  it('cuts what has not finished when the time to drain is over', async () => {
    const sessions = { ...fake.sessions, list: () => new Promise<never>(() => undefined) };
    const { port, close } = await serve({ makeServer: handoffServerFactory({ sessions, limits: LIMITS, version: '1' }) });
    const call = raw(port, {
      headers: JSON_HEADERS,
      body: '{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"handoff://sessions"}}',
    });
    const ended = call.then(
      () => 'answered',
      () => 'cut',
    );
    await raw(port, { headers: JSON_HEADERS, body: INITIALIZE });
    await close(20);
    expect(await ended).toBe('cut');
  });
});
