import { describe, expect, it } from 'vitest';
import { expectSame } from './compared.js';
import { rawServers } from './rawConnection.js';

function fail(): never {
  throw new Error('poison');
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const values: readonly (readonly [string, () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['a text', () => 'text'],
  ['an empty text', () => ''],
  ['a number', () => 7],
  ['a bigint', () => 7n],
  ['a symbol', () => Symbol('thrown')],
  ['a function', () => fail],
  ['an object', () => ({ message: 'm', code: -32_050 })],
  ['an object without prototype', () => Object.create(null) as unknown],
  ['a frozen object', () => Object.freeze({})],
  ['a frozen error', () => Object.freeze(new Error('frozen'))],
  ['an error without a stack', () => Object.assign(new Error('bare'), { stack: undefined })],
  ['an error whose stack is a number', () => Object.assign(new Error('odd'), { stack: 7 })],
  ['an error whose message throws', () => Object.defineProperty(new Error('x'), 'message', { get: fail })],
  ['an error whose stack throws', () => Object.defineProperty(new Error('x'), 'stack', { get: fail })],
  ['an error whose constructor throws', () => Object.defineProperty(new Error('x'), 'constructor', { get: fail })],
  ['an error whose code throws', () => Object.defineProperty(new Error('x'), 'code', { get: fail })],
  [
    'an error whose cause is itself',
    () => {
      const error = new Error('loop');
      error.cause = error;
      return error;
    },
  ],
  ['an error with a message of a megabyte', () => new Error('m'.repeat(1024 * 1024))],
  [
    'an object of getters that throw',
    () => Object.defineProperties({}, { message: { get: fail }, code: { get: fail }, name: { get: fail }, stack: { get: fail } }),
  ],
  ['a proxy of which nothing can be read', () => new Proxy({}, { get: fail, getPrototypeOf: fail, has: fail })],
  ['a revoked proxy', revoked],
  ['a promise', () => Promise.resolve(1)],
  ["an aborted signal's reason", () => AbortSignal.abort().reason as unknown],
];

function throws(value: () => unknown): () => never {
  return () => {
    // Anything can be thrown, which is what this is about.
    const thrown = value() as Error;
    throw thrown;
  };
}

function rejects(value: () => unknown): () => Promise<never> {
  return async () => {
    await Promise.resolve();
    return throws(value)();
  };
}

describe.each(rawServers)('$name whose handlers throw answers as without us', ({ make }) => {
  it.each(values)('%s', async (_what, value) => {
    const prepared = (): ReturnType<typeof make> => {
      const raw = make();
      for (const [name, work] of [
        ['now', throws(value)],
        ['later', rejects(value)],
      ] as const) {
        raw.tool(name, work);
        raw.prompt(name, work);
        raw.resource(`note://${name}`, work);
      }
      raw.onTold(rejects(value));
      return raw;
    };
    const ledger = await expectSame(prepared, async (connection) => {
      for (const name of ['now', 'later']) {
        await connection.say({ jsonrpc: '2.0', id: `tool ${name}`, method: 'tools/call', params: { name } });
        await connection.say({ jsonrpc: '2.0', id: `prompt ${name}`, method: 'prompts/get', params: { name } });
        await connection.say({ jsonrpc: '2.0', id: `note ${name}`, method: 'resources/read', params: { uri: `note://${name}` } });
      }
      await connection.say({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
    });
    expect(ledger.ended.map(({ name }) => name).sort()).toEqual([
      'notifications/roots/list_changed',
      'prompts/get later',
      'prompts/get now',
      'resources/read',
      'resources/read',
      'tools/call later',
      'tools/call now',
    ]);
    const failed = ledger.ended.filter(({ attributes }) => attributes['error.type'] !== undefined).map(({ name }) => name);
    expect(failed).toEqual(expect.arrayContaining(['tools/call now', 'tools/call later', 'notifications/roots/list_changed']));
  });

  it.each<readonly [string, () => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['a text', () => 'text'],
    ['a frozen result', () => Object.freeze({ content: Object.freeze([]) })],
    [
      'a result with hidden getters that throw',
      () => Object.defineProperties({ content: [] }, { task: { get: fail }, resultType: { get: fail }, taskId: { get: fail } }),
    ],
    ['a result whose isError throws', () => Object.defineProperty({ content: [] }, 'isError', { get: fail })],
    ['a proxy', () => new Proxy({ content: [] }, {})],
    ['a proxy that cannot be asked', () => new Proxy({ content: [] }, { has: fail, getOwnPropertyDescriptor: fail })],
    ['a proxy whose prototype cannot be asked for', () => new Proxy({ content: [] }, { getPrototypeOf: fail })],
    ['a revoked proxy', revoked],
    ['a thenable that throws', () => ({ then: fail })],
    [
      'a thenable',
      () => ({
        then: (resolve: (value: unknown) => void) => {
          resolve({ content: [] });
        },
      }),
    ],
    [
      'a result with cycles',
      () => {
        const result: Record<string, unknown> = { content: [] };
        result['structuredContent'] = { result };
        return result;
      },
    ],
  ])('or answer %s', async (_what, value) => {
    const prepared = (): ReturnType<typeof make> => {
      const raw = make();
      raw.tool('odd', value);
      raw.prompt('odd', value);
      return raw;
    };
    await expectSame(prepared, async (connection) => {
      await connection.say({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'odd' } });
      await connection.say({ jsonrpc: '2.0', id: 2, method: 'prompts/get', params: { name: 'odd' } });
    });
  });

  it.each([
    ['are frozen', (tool: object) => Object.freeze(tool)],
    [
      'cannot be written',
      (tool: object) =>
        Object.defineProperties(
          tool,
          Object.fromEntries(
            ['executor', 'handler', 'callback'].filter((key) => key in tool).map((key) => [key, { writable: false, configurable: false }]),
          ),
        ),
    ],
  ])('or whose tools %s', async (_what, harden) => {
    const ledger = await expectSame(
      () => {
        const raw = make();
        harden(raw.tool('fixed', () => ({ content: [{ type: 'text', text: 'fine' }] })));
        return raw;
      },
      async (connection) => {
        await connection.say({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'fixed' } });
      },
    );
    expect(ledger.ended.map(({ name }) => name)).toEqual(['tools/call fixed']);
  });
});
