import { describe, expect, it } from 'vitest';
import { expectSame } from './compared.js';
import { quiet, rawServers } from './rawConnection.js';
import type { RawServer } from './rawConnection.js';

const ids: readonly (readonly [string, unknown])[] = [
  ['a number', 1],
  ['zero', 0],
  ['minus zero', -0],
  ['a fraction', 1.5],
  ['a negative number', -7],
  ['a number beyond exactness', 2 ** 60],
  ['infinity', Number.POSITIVE_INFINITY],
  ['no number', Number.NaN],
  ['a text', 'a'],
  ['an empty text', ''],
  ['a text of digits', '1'],
  ['a prototype key', '__proto__'],
  ['a text of a megabyte', 'x'.repeat(1024 * 1024)],
  ['half a character', '\ud800'],
  ['null', null],
  ['undefined', undefined],
  ['true', true],
  ['a bigint', 1n],
  ['a list', [1]],
  ['an object', { toString: null }],
  ['a symbol', Symbol('id')],
  ['a boxed number', Object(1)],
];

describe.each(rawServers)('$name answers requests as without us', ({ make }) => {
  /** Its tool `wait` answers when told to, in the order of the list. */
  const prepared = (): RawServer & { readonly waiting: ((isError: boolean) => void)[] } => {
    const waiting: ((isError: boolean) => void)[] = [];
    const raw = make();
    raw.tool('wait', async () => ({ content: [], isError: await new Promise<boolean>((resolve) => waiting.push(resolve)) }));
    raw.tool('echo', () => ({ content: [{ type: 'text', text: 'fine' }] }));
    return { ...raw, waiting };
  };
  const call = (id: unknown, name: string): object => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });

  it.each(ids)('whose id is %s', async (_what, id) => {
    await expectSame(prepared, async (connection) => {
      await connection.say(call(id, 'echo'));
      await connection.say({ jsonrpc: '2.0', id, method: 'made/up' });
      await connection.say(call(id, 'wait'));
      await connection.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
      await connection.say({ jsonrpc: '2.0', id, result: {} });
      await connection.say({ jsonrpc: '2.0', id, error: { code: 1, message: 'x' } });
    });
  });

  it('without any id or method', async () => {
    await expectSame(prepared, async (connection) => {
      for (const message of [
        { jsonrpc: '2.0', method: 'tools/call', params: { name: 'echo' } },
        { jsonrpc: '2.0', id: 1 },
        { id: 1, method: 'ping' },
        { jsonrpc: '1.0', id: 1, method: 'ping' },
        {},
        [],
        [call(1, 'echo')],
        null,
        'text',
        7,
        undefined,
      ])
        await connection.say(message);
    });
  });

  it.each([
    ['in the order they came', [0, 1, 2]],
    ['in reverse', [2, 1, 0]],
    ['in another order', [1, 2, 0]],
  ])('three of which have the same id and are answered %s', async (_what, order) => {
    const ledger = await expectSame(prepared, async (connection, raw) => {
      const { waiting } = raw as ReturnType<typeof prepared>;
      for (let each = 0; each < 3; each += 1) await connection.say(call(5, 'wait'));
      for (const index of order) {
        waiting[index]?.(index === 1);
        await quiet();
      }
    });
    const outcomes = ledger.ended.map(({ attributes }) => attributes['error.type']);
    expect(outcomes.filter((each) => each === 'tool_error')).toHaveLength(1);
    expect(outcomes).toHaveLength(3);
  });

  it('with the same id, one cancelled, one cut off', async () => {
    await expectSame(prepared, async (connection, raw) => {
      const { waiting } = raw as ReturnType<typeof prepared>;
      for (let each = 0; each < 3; each += 1) await connection.say(call('same', 'wait'));
      await connection.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'same' } });
      waiting[1]?.(false);
      await quiet();
    });
  });

  it('sent twice as the very same object, and answered by a handler that keeps it', async () => {
    await expectSame(prepared, async (connection) => {
      const message = call(1, 'echo');
      await connection.say(message);
      await connection.say(message);
      await connection.say(Object.freeze(call(2, 'echo')));
    });
  });
});
