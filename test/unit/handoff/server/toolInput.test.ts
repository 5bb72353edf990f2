import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '@modelcontextprotocol/client';
import { FakeSessions, call, connectTo } from './fakeSessions.js';

const HALF = '\ud83d';
/** So many objects, one inside the other. */
const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });

let fake: FakeSessions;
let client: Client;
beforeEach(async () => {
  fake = new FakeSessions();
  client = await connectTo(fake);
});
afterEach(() => client.close());

const KEY = 'Key of the session: 1 to 255 characters, not blank, not . or .., without NUL';
const FROM = 'Name of the agent that opens the session: 1 to 100 characters, not blank, not . or .., without NUL';
const TARGET = 'Name of the agent that takes over: 1 to 100 characters, not blank, not . or .., without NUL';
const TYPE = 'Kind of entry, one of: message, file, tool_call, system';
const CONTENT = 'Text of the entry: 1 to 1000 bytes of UTF-8, without NUL';
const REQUEST = 'Kind of handoff, one of: context_transfer, full_handoff, collaboration; default context_transfer';
const json = (what: string): string => `${what}: a JSON object of at most 500 bytes and 32 levels, without NUL`;
const UNSTORABLE = 'contains a NUL character or half of a surrogate pair';

type Case = readonly [what: string, value: unknown, problem: string];

const textCases = (max: number): Case[] => [
  ['absent', undefined, 'is missing'],
  ['null', null, 'is not of type string'],
  ['a number', 7, 'is not of type string'],
  ['an array', ['k'], 'is not of type string'],
  ['an object', { toString: 'k' }, 'is not of type string'],
  ['empty', '', 'is empty'],
  ['blank', ' \t\n', 'is blank'],
  ['too long', 'x'.repeat(max + 1), `is longer than ${max} characters`],
  ['with NUL', 'a\0b', UNSTORABLE],
  ['with half a surrogate pair', `a${HALF}b`, UNSTORABLE],
  ['a dot', '.', 'is . or ..'],
  ['two dots', '..', 'is . or ..'],
];
const jsonCases: readonly Case[] = [
  ['a string', '{}', 'is not a JSON object'],
  ['an array', [1], 'is not a JSON object'],
  ['a number', 1, 'is not a JSON object'],
  ['too large', { a: 'x'.repeat(500) }, 'is larger than 500 bytes as JSON'],
  ['too large in bytes, not in characters', { a: '€'.repeat(170) }, 'is larger than 500 bytes as JSON'],
  ['too deep', nested(33), 'is nested deeper than 32 levels'],
  ['far too deep', nested(5000), 'is nested deeper than 32 levels'],
  ['an enormous array', { a: new Array(300_000).fill(0) }, 'is larger than 500 bytes as JSON'],
  [
    'with a number that JavaScript does not have',
    { a: [{ b: JSON.parse('1e400') }] },
    'contains a number beyond 1.8e308; write it as a string',
  ],
  ['with NUL in a value', { a: ['x\0'] }, UNSTORABLE],
  ['with NUL in a name', { a: { 'x\0': 1 } }, UNSTORABLE],
  ['with half a surrogate pair in a value', { a: HALF }, UNSTORABLE],
  ['with half a surrogate pair in a name', { [HALF]: 1 }, UNSTORABLE],
];
const enumCases: readonly Case[] = [
  ['another word', 'massage', 'is not one of the allowed values'],
  ['another case', 'FILE', 'is not one of the allowed values'],
  ['a number', 1, 'is not one of the allowed values'],
];
const contentCases: readonly Case[] = [
  ['absent', undefined, 'is missing'],
  ['null', null, 'is not of type string'],
  ['a number', 1, 'is not of type string'],
  ['empty', '', 'is empty'],
  ['too large', 'x'.repeat(1001), 'is larger than 1000 bytes; split it into several entries'],
  ['too large in bytes, not in characters', '€'.repeat(400), 'is larger than 1000 bytes; split it into several entries'],
  ['with NUL', 'a\0', UNSTORABLE],
  ['with half a surrogate pair', HALF, UNSTORABLE],
];

const REGISTER = { sessionKey: 'k', agentFrom: 'a' };
const UPDATE = { sessionKey: 'k', contextType: 'message', content: 'c' };
const HANDOFF = { sessionKey: 'k', targetAgent: 'b' };

describe.each([
  ['register_session', REGISTER, 'sessionKey', KEY, textCases(255)],
  ['register_session', REGISTER, 'agentFrom', FROM, textCases(100)],
  ['register_session', REGISTER, 'metadata', json('Facts about the session'), jsonCases],
  ['update_context', UPDATE, 'sessionKey', KEY, textCases(255)],
  [
    'update_context',
    UPDATE,
    'contextType',
    TYPE,
    [['absent', undefined, 'is missing'], ['null', null, 'is not one of the allowed values'], ...enumCases],
  ],
  ['update_context', UPDATE, 'content', CONTENT, contentCases],
  ['update_context', UPDATE, 'metadata', json('Facts about the entry'), jsonCases],
  ['request_handoff', HANDOFF, 'sessionKey', KEY, textCases(255)],
  ['request_handoff', HANDOFF, 'targetAgent', TARGET, textCases(100)],
  ['request_handoff', HANDOFF, 'requestType', REQUEST, enumCases],
  ['request_handoff', HANDOFF, 'requestData', json('Facts for the target agent'), jsonCases],
] as const)('%s with %j but %s', (tool, good, path, allowed, cases) => {
  it.each(cases as readonly Case[])('%s', async (_what, value, problem) => {
    const args: Record<string, unknown> = { ...good, [path]: value };
    if (value === undefined) delete args[path];
    const { isError, body } = await call(client, tool, args);
    expect(isError).toBe(true);
    expect(Object.keys(body)).toEqual(['success', 'error', 'problems']);
    expect(body).toEqual({ success: false, error: 'Invalid input', problems: [{ path, problem, allowed }] });
    expect(fake.calls).toEqual([]);
  });
});

describe('arguments', () => {
  it('left out altogether are each missing', async () => {
    const { isError, body } = await call(client, 'update_context');
    expect(isError).toBe(true);
    expect(body).toEqual({
      success: false,
      error: 'Invalid input',
      problems: [
        { path: 'sessionKey', problem: 'is missing', allowed: KEY },
        { path: 'contextType', problem: 'is missing', allowed: TYPE },
        { path: 'content', problem: 'is missing', allowed: CONTENT },
      ],
    });
  });

  it('all wrong are all named, in the order of the schema, without repeating what was given', async () => {
    const { body, text } = await call(client, 'update_context', { metadata: 'secret', content: 5, contextType: 'secret', sessionKey: '' });
    expect((body['problems'] as { path: string }[]).map(({ path }) => path)).toEqual(['sessionKey', 'contextType', 'content', 'metadata']);
    expect(text).not.toContain('secret');
  });

  it('at their limits are taken', async () => {
    const key = '€'.repeat(255);
    const metadata = { a: 'x'.repeat(500 - '{"a":""}'.length) };
    await call(client, 'register_session', { sessionKey: key, agentFrom: 'x'.repeat(100), metadata });
    await call(client, 'update_context', { ...UPDATE, content: '€'.repeat(333), metadata: nested(32) });
    await call(client, 'update_context', { ...UPDATE, content: ' ' });
    expect(fake.calls.map(([method]) => method)).toEqual(['register', 'append', 'append']);
    expect(fake.calls[0]?.[1]).toEqual({ sessionKey: key, agentFrom: 'x'.repeat(100), metadata });
  });

  it('named like parts of every object change nothing but the metadata they are in', async () => {
    const text =
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":"x","nested":{"__proto__":{"polluted":true}}}';
    await call(client, 'register_session', {
      ...REGISTER,
      metadata: JSON.parse(text),
      ...(JSON.parse('{"__proto__":{"sessionKey":"other"}}') as object),
    });
    expect(fake.calls).toHaveLength(1);
    const request = fake.calls[0]?.[1] as { sessionKey: string; metadata: object };
    expect(request.sessionKey).toBe('k');
    expect(JSON.stringify(request.metadata)).toBe(text);
    expect(Object.getPrototypeOf(request.metadata)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
  });

  it('inherited instead of given count as missing', async () => {
    const { body } = await call(client, 'register_session', JSON.parse('{"__proto__":{"sessionKey":"k","agentFrom":"a"}}'));
    expect(body).toMatchObject({
      problems: [
        { path: 'sessionKey', problem: 'is missing' },
        { path: 'agentFrom', problem: 'is missing' },
      ],
    });
  });
});
