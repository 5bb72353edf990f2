import type { Client } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unknownArguments } from '../../../../src/handoff/server/tools/unknownArguments.js';
import { session } from '../sessions/samples.js';
import { FakeSessions, call, connectTo, summary } from './fakeSessions.js';

let fake: FakeSessions;
let client: Client;
beforeEach(async () => {
  fake = new FakeSessions({
    register: () => ({ kind: 'registered', session }),
    append: () => ({ kind: 'session_not_found' }),
    handOff: () => ({
      kind: 'handed_off',
      session,
      summary,
      contextEntries: 2,
      cacheKey: 'c',
      status: 'active',
      handoffId: 'h',
      requestingAgent: 'a',
    }),
    list: () => ({ items: [], cursors: [] }),
  });
  client = await connectTo(fake);
});
afterEach(() => client.close());

const REGISTER = { sessionKey: 'k', agentFrom: 'a' };
const UPDATE = { sessionKey: 'k', contextType: 'message', content: 'c' };
const HANDOFF = { sessionKey: 'k', targetAgent: 'b' };

describe('an argument that looks like another', () => {
  it.each([
    ['request_handoff', HANDOFF, 'type', 'full_handoff', 'requestType'],
    ['request_handoff', HANDOFF, 'request_type', 'full_handoff', 'requestType'],
    ['request_handoff', HANDOFF, 'requestTyp', 'full_handoff', 'requestType'],
    ['request_handoff', HANDOFF, 'reqeustType', 'full_handoff', 'requestType'],
    ['request_handoff', HANDOFF, 'data', {}, 'requestData'],
    ['register_session', REGISTER, 'metaData', {}, 'metadata'],
    ['register_session', REGISTER, 'meta', {}, 'metadata'],
    ['register_session', REGISTER, 'session_key', 'other', 'sessionKey'],
    ['update_context', UPDATE, 'Agent', 'me', 'agent'],
    ['list_sessions', {}, 'cursr', 'x', 'cursor'],
    ['list_sessions', {}, 'limits', 5, 'limit'],
  ] as const)('%s %j with %s is refused and told what was probably meant', async (tool, good, name, value, meant) => {
    const { isError, body } = await call(client, tool, { ...good, [name]: value });
    expect(isError).toBe(true);
    expect(body).toEqual({
      success: false,
      error: 'Invalid input',
      problems: [{ path: name, problem: `is not an argument of this tool; did you mean ${meant}?`, allowed: expect.any(String) }],
    });
    expect(fake.calls).toEqual([]);
  });

  it('is named beside the one that is missing for it', async () => {
    const { body } = await call(client, 'register_session', { session: 'k', agent: 'a', metadata: 5 });
    expect((body['problems'] as { path: string; problem: string }[]).map(({ path, problem }) => [path, problem])).toEqual([
      ['sessionKey', 'is missing'],
      ['agentFrom', 'is missing'],
      ['metadata', 'is not a JSON object'],
      ['session', 'is not an argument of this tool; did you mean sessionKey?'],
      ['agent', 'is not an argument of this tool; did you mean agentFrom?'],
    ]);
  });
});

describe('an argument that looks like no other', () => {
  it.each([
    ['register_session', REGISTER, ['agentTo', 'extra']],
    // What these look like was given under its own name.
    ['register_session', REGISTER, ['key', 'agent', 'session']],
    ['request_handoff', HANDOFF, ['priority', 'constructor', 'toString', 'a', '']],
    ['list_sessions', {}, ['verbose']],
  ] as const)('%s %j takes the call and names what it ignored: %j', async (tool, good, names) => {
    const { isError, body } = await call(
      client,
      tool,
      JSON.parse(
        JSON.stringify(good).replace(
          '{',
          `{${names.map((name) => `${JSON.stringify(name)}:{"x":1}`).join(',')}${Object.keys(good).length > 0 ? ',' : ''}`,
        ),
      ) as Record<string, unknown>,
    );
    expect(isError).toBe(false);
    expect(body['ignoredArguments']).toEqual(names);
    expect(Object.keys(body).at(-1)).toBe('ignoredArguments');
    expect(fake.calls).toHaveLength(1);
  });

  it('is named in a failure too', async () => {
    const { body } = await call(client, 'update_context', { ...UPDATE, colour: 'red' });
    expect(body).toMatchObject({ error: 'Session not found', ignoredArguments: ['colour'] });
  });

  it('beside many others costs a bounded answer', async () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`unknown argument ${n} ${'x'.repeat(100)}`, n]));
    const { body, text } = await call(client, 'register_session', { ...REGISTER, ...many });
    expect(body['ignoredArguments']).toHaveLength(10);
    expect(body['ignoredArgumentsNotNamed']).toBe(990);
    expect(text.length).toBeLessThan(2000);
    const misspelt = Object.fromEntries(
      Array.from({ length: 100 }, (_, n) => [`${'_'.repeat(n % 60)}meta_data${'-'.repeat(n % 3)}${n}`.replace(/\d+$/, ''), n]),
    );
    expect(
      ((await call(client, 'register_session', { ...REGISTER, ...misspelt })).body['problems'] as unknown[]).length,
    ).toBeLessThanOrEqual(10);
  });

  it('is compared with the arguments of the tool only among the first hundred: more are no misspellings', () => {
    const others = (count: number): Record<string, unknown> => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key ${n}`, n]));
    const find = unknownArguments({ metadata: {}, sessionKey: {} });
    expect(find({ ...others(99), meta: {} })).toMatchObject({ misspelt: [{ path: 'meta' }], ignored: { length: 99 } });
    expect(find({ ...others(100), meta: {} })).toMatchObject({ misspelt: [], ignored: { length: 101 } });
  });

  it('that are known leave no trace', async () => {
    expect((await call(client, 'register_session', { ...REGISTER, metadata: {} })).body).not.toHaveProperty('ignoredArguments');
  });
});
