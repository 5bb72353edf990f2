import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { expectSame } from './compared.js';
import type { Conversation } from './compared.js';
import { Ledger } from './ledger.js';
import { quiet, rawServers } from './rawConnection.js';
import type { RawConnection, RawServer } from './rawConnection.js';

const call = (id: number, name: string): object => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });

interface Asking {
  readonly server: { ping(): Promise<unknown>; notification(message: object): Promise<void> };
}

/** Libraries reject with anything, whatever their types say. */
async function rejectWithNothing(): Promise<never> {
  const nothing = undefined as unknown as Error;
  throw nothing;
}

function refuse(): never {
  throw new Error('the wire is broken');
}

describe.each(rawServers)('$name behaves as without us', ({ make }) => {
  const prepared = (): RawServer => {
    const raw = make();
    raw.tool('echo', () => ({ content: [{ type: 'text', text: 'fine' }] }));
    raw.tool('hang', () => new Promise(() => undefined));
    raw.tool('late', async () => {
      await quiet();
      return { content: [] };
    });
    raw.onTold(() => new Promise(() => undefined));
    return raw;
  };

  const conversations: readonly (readonly [string, Conversation])[] = [
    [
      'when the connection closes in the middle of calls',
      async (connection) => {
        for (let id = 0; id < 3; id += 1) await connection.say(call(id, 'hang'));
        connection.wire.send(call(4, 'late')).catch(() => undefined);
        await connection.wire.close();
        await quiet();
        await connection.say(call(5, 'echo'));
      },
    ],
    [
      'when the server closes in the middle of calls',
      async (connection, raw) => {
        await connection.say(call(1, 'hang'));
        await raw.server.close();
        await quiet();
      },
    ],
    [
      'when the connection closes twice',
      async (connection) => {
        await connection.say(call(1, 'hang'));
        connection.serverSide.onclose?.();
        connection.serverSide.onclose?.();
        await quiet();
      },
    ],
    [
      'when the transport reports errors',
      async (connection) => {
        connection.serverSide.onerror?.(new Error('one'));
        connection.serverSide.onerror?.(undefined as unknown as Error);
        await connection.say(call(1, 'echo'));
        connection.serverSide.onerror?.(Object.freeze({}) as Error);
      },
    ],
    [
      'when calls are cancelled, once and again, before and after their answer',
      async (connection) => {
        const cancel = (requestId: unknown): object => ({
          jsonrpc: '2.0',
          method: 'notifications/cancelled',
          params: { requestId, reason: 'enough' },
        });
        await connection.say(cancel(1));
        await connection.say(call(1, 'hang'));
        await connection.say(cancel(1));
        await connection.say(cancel(1));
        await connection.say(call(2, 'echo'));
        await connection.say(cancel(2));
        await connection.say(cancel(99));
        connection.wire.send(call(3, 'late')).catch(() => undefined);
        await connection.say(cancel(3));
      },
    ],
    [
      'when send rejects',
      async (connection, raw) => {
        connection.deliver = () => Promise.reject(new Error('the wire is broken'));
        await connection.say(call(1, 'echo'));
        await connection.say({ jsonrpc: '2.0', id: 2, method: 'made/up' });
        await askClient(raw, connection);
      },
    ],
    [
      'when send throws',
      async (connection, raw) => {
        connection.deliver = refuse;
        await connection.say(call(1, 'echo'));
        await connection.say({ jsonrpc: '2.0', id: 2, method: 'made/up' });
        await askClient(raw, connection);
      },
    ],
    [
      'when send never comes back',
      async (connection, raw) => {
        connection.deliver = () => new Promise(() => undefined);
        await connection.say(call(1, 'echo'));
        void askClient(raw, connection);
        await quiet();
      },
    ],
    [
      'when send answers no promise',
      async (connection, raw) => {
        connection.deliver = () => undefined as unknown as Promise<void>;
        await connection.say(call(1, 'echo'));
        void askClient(raw, connection);
        await quiet();
      },
    ],
    [
      'when send rejects with nothing',
      async (connection, raw) => {
        connection.deliver = rejectWithNothing;
        await connection.say(call(1, 'echo'));
        await askClient(raw, connection);
      },
    ],
  ];

  it.each(conversations)('%s', async (_what, converse) => {
    await expectSame(prepared, converse);
  });

  it('when notifications are never done: they were delivered, so their spans end without an error', async () => {
    const ledger = await expectSame(prepared, async (connection) => {
      await connection.say({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
    });
    expect(ledger.ended).toMatchObject([{ name: 'notifications/roots/list_changed', status: { code: SpanStatusCode.UNSET } }]);
    expect(ledger.ended[0]?.attributes).not.toHaveProperty('error.type');
  });

  it('when the messages of the host are frozen, and leaves them as they were', async () => {
    const message = Object.freeze({
      method: 'notifications/message',
      params: Object.freeze({ level: 'info', data: 'x', _meta: Object.freeze({ mine: 1 }) }),
    });
    const before = structuredClone(message);
    await expectSame(prepared, async (connection, raw) => {
      await (raw.server as unknown as Asking).server.notification(message);
      await connection.say(Object.freeze(call(1, 'echo')));
    });
    expect(message).toEqual(before);
    const loose = { jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: { _meta: { mine: 1 } } };
    await expectSame(prepared, (connection) => connection.serverSide.send(loose));
    expect(loose).toEqual({ jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: { _meta: { mine: 1 } } });
  });

  it('when a transport cannot start', async () => {
    const start = async (instrument: (raw: RawServer) => void): Promise<string> => {
      const raw = prepared();
      instrument(raw);
      const [, side] = raw.pair();
      side.start = () => Promise.reject(new Error('no port'));
      const first = await raw.server.connect(side as never).then(() => 'connected', String);
      side.start = refuse;
      const second = await raw.server.connect(side as never).then(() => 'connected', String);
      return `${first}; ${second}; ${Object.hasOwn(side, 'start')} ${side.start === refuse}`;
    };
    const ledger = new Ledger();
    const instrumentation = ledger.instrumentation();
    expect(await start((raw) => instrumentation.instrumentServer(raw.server))).toBe(await start(() => undefined));
    expect(ledger.open).toEqual([]);
    await ledger.dispose();
  });
});

/** A request and a notification to the client, which does not answer. */
async function askClient(raw: RawServer, connection: RawConnection): Promise<void> {
  const { server } = raw.server as unknown as Asking;
  const note =
    (what: string) =>
    (thrown: unknown): void =>
      void connection.transcript.errors.push(`${what}: ${String(thrown)}`);
  await Promise.all([
    server.ping().catch(note('ping')),
    server.notification({ method: 'notifications/tools/list_changed' }).catch(note('telling')),
  ]);
}
