import { describe, expect, it } from 'vitest';
import { expectSame } from './compared.js';
import { rawServers } from './rawConnection.js';

const MEGABYTE = 1024 * 1024;
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function fail(): never {
  throw new Error('poison');
}

const metas: readonly (readonly [string, () => unknown])[] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a text', () => TRACEPARENT],
  ['a list', () => [TRACEPARENT]],
  ['numbers', () => ({ traceparent: 7, tracestate: 8, baggage: 9 })],
  ['lists', () => ({ traceparent: [TRACEPARENT], tracestate: ['a=b'], baggage: ['a=b'] })],
  ['objects', () => ({ traceparent: { toString: null }, tracestate: {}, baggage: { a: 1 } })],
  ['a malformed traceparent', () => ({ traceparent: '00-xyz' })],
  ['a traceparent of zeros', () => ({ traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` })],
  ['a traceparent with line ends', () => ({ traceparent: `${TRACEPARENT}\r\nx: y` })],
  ['a tracestate of a megabyte', () => ({ traceparent: TRACEPARENT, tracestate: `a=${'b'.repeat(MEGABYTE)}` })],
  [
    'a tracestate of ten thousand members',
    () => ({ traceparent: TRACEPARENT, tracestate: Array.from({ length: 10_000 }, (_, index) => `k${index}=v`).join(',') }),
  ],
  ['baggage of a megabyte', () => ({ traceparent: TRACEPARENT, baggage: `a=${'b'.repeat(MEGABYTE)}` })],
  ['baggage that cannot be decoded', () => ({ baggage: 'a=%E0%A4%A,%=%,=,;;;' })],
  [
    'prototype keys',
    () => JSON.parse(`{"__proto__":{"traceparent":"${TRACEPARENT}"},"constructor":{"prototype":{}},"hasOwnProperty":1,"toString":1}`),
  ],
  ['a megabyte of other keys', () => Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`key ${index}`, 'x'.repeat(500)]))],
  [
    'a poisoned protocol version',
    () => ({
      'io.modelcontextprotocol/protocolVersion': { toString: null },
      'io.modelcontextprotocol/clientInfo': { name: 7, version: [] },
    }),
  ],
  [
    'a protocol version of a megabyte',
    () => ({
      'io.modelcontextprotocol/protocolVersion': 'v'.repeat(MEGABYTE),
      'io.modelcontextprotocol/clientInfo': { name: 'n'.repeat(MEGABYTE) },
    }),
  ],
  ['a conversation that is none', () => ({ conversation: { a: 1 } })],
  ['a conversation of a megabyte', () => ({ conversation: 'c'.repeat(MEGABYTE) })],
  ['an object without prototype', () => Object.assign(Object.create(null) as object, { traceparent: TRACEPARENT })],
  ['a frozen object', () => Object.freeze({ traceparent: TRACEPARENT })],
  ['an inherited traceparent', () => Object.create({ traceparent: TRACEPARENT }) as unknown],
];

/** Live objects, as an in-memory transport passes them. The SDKs read some of these themselves; then the bare server fails the same way. */
const live: readonly (readonly [string, () => unknown])[] = [
  ['a traceparent that throws when read', () => Object.defineProperty({}, 'traceparent', { enumerable: true, get: fail })],
  [
    'hidden keys that throw when read',
    () =>
      Object.defineProperties(
        {},
        {
          traceparent: { get: fail },
          tracestate: { get: fail },
          baggage: { get: fail },
          'io.modelcontextprotocol/clientInfo': { get: fail },
        },
      ),
  ],
  ['a proxy whose keys cannot be listed', () => new Proxy({}, { ownKeys: fail })],
  ['a proxy that cannot be asked', () => new Proxy({}, { has: fail, getOwnPropertyDescriptor: fail })],
  ['a proxy of which nothing can be read', () => new Proxy({}, { get: fail })],
  [
    'a revoked proxy',
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy;
    },
  ],
];

describe.each(rawServers)('$name with poison in _meta answers as without us', ({ make }) => {
  const prepared = (): ReturnType<typeof make> => {
    const raw = make();
    raw.tool('echo', () => ({ content: [{ type: 'text', text: 'fine' }] }));
    raw.onTold(() => undefined);
    return raw;
  };

  it.each([...metas, ...live])('%s', async (_what, meta) => {
    const ledger = await expectSame(prepared, async (connection) => {
      await connection.say({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {}, _meta: meta() } });
      await connection.say({ jsonrpc: '2.0', id: 2, method: 'ping', params: { _meta: meta() } });
      await connection.say({ jsonrpc: '2.0', method: 'notifications/roots/list_changed', params: { _meta: meta() } });
      await connection.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, _meta: meta() } });
    });
    expect(({} as Record<string, unknown>)['traceparent']).toBeUndefined();
    // Whatever was sent, a span stays small.
    for (const span of ledger.ended)
      expect(JSON.stringify(span.attributes).length + (span.spanContext().traceState?.serialize() ?? '').length).toBeLessThan(9000);
  });

  it.each([
    ['params', (): unknown => fail],
    [
      'params that throw when read',
      (): unknown =>
        Object.defineProperties(
          {},
          { name: { get: fail, enumerable: true }, arguments: { get: fail, enumerable: true }, _meta: { get: fail, enumerable: true } },
        ),
    ],
    ['arguments that throw when read', (): unknown => Object.defineProperty({ name: 'echo' }, 'arguments', { get: fail })],
    ['a uri that throws when read', (): unknown => Object.defineProperty({ name: 'echo' }, 'uri', { get: fail })],
    [
      'a request id to cancel that throws when read',
      (): unknown => Object.defineProperty({}, 'requestId', { get: fail, enumerable: true }),
    ],
    ['a proxy of which nothing can be read', (): unknown => new Proxy({ name: 'echo' }, { get: fail })],
    [
      'a proxy that cannot be asked',
      (): unknown => new Proxy({ name: 'echo' }, { has: fail, ownKeys: fail, getOwnPropertyDescriptor: fail, getPrototypeOf: fail }),
    ],
  ])('%s that poison', async (_what, params) => {
    await expectSame(prepared, async (connection) => {
      for (const method of ['tools/call', 'resources/read', 'tasks/get', 'ping'])
        await connection.say({ jsonrpc: '2.0', id: method, method, params: params() });
      for (const method of [
        'notifications/cancelled',
        'notifications/progress',
        'notifications/roots/list_changed',
        'notifications/resources/updated',
      ])
        await connection.say({ jsonrpc: '2.0', method, params: params() });
    });
  });

  it.each([
    [
      'a method that throws when read',
      (): object => Object.defineProperty({ jsonrpc: '2.0', id: 1 }, 'method', { get: fail, enumerable: true }),
    ],
    [
      'an id that throws when read',
      (): object => Object.defineProperty({ jsonrpc: '2.0', method: 'ping' }, 'id', { get: fail, enumerable: true }),
    ],
    [
      'params that throw when read',
      (): object => Object.defineProperty({ jsonrpc: '2.0', id: 1, method: 'ping' }, 'params', { get: fail, enumerable: true }),
    ],
    ['a proxy that cannot be asked what it has', (): object => new Proxy({ jsonrpc: '2.0', id: 1, method: 'ping' }, { has: fail })],
    ['a proxy of which nothing can be read', (): object => new Proxy({ jsonrpc: '2.0', id: 1, method: 'ping' }, { get: fail })],
    [
      'a notification that cannot be asked what it has',
      (): object => new Proxy({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' }, { has: fail }),
    ],
  ])('a message with %s', async (_what, message) => {
    await expectSame(prepared, async (connection) => {
      await connection.say(message());
      await connection.say(message(), { authInfo: { clientId: 7 }, requestInfo: { headers: { get: fail } } });
    });
  });

  it('poison beside a message', async () => {
    const extras = [
      null,
      7,
      { request: null },
      { request: 7 },
      { requestInfo: { headers: { get: fail } } },
      { request: { headers: { get: fail }, signal: 7 } },
      { authInfo: Object.defineProperty({}, 'clientId', { get: fail }) },
    ];
    await expectSame(prepared, async (connection) => {
      for (const [id, extra] of extras.entries()) await connection.say({ jsonrpc: '2.0', id, method: 'ping' }, extra);
      await connection.say({ jsonrpc: '2.0', id: 9, method: 'ping' }, new Proxy({}, { get: fail, has: fail }));
    });
  });
});
