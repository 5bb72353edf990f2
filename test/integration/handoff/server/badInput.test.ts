import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffPackageKey } from '../../../../src/handoff/sessions/cacheEntries.js';
import { LIMITS, handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** Whatever is refused leaves every table and the cache as they were; whatever is accepted comes back as it was given. */

let fixture: HandoffFixture;
let client: Client;
beforeAll(async () => {
  fixture = await handoffFixture();
  client = await fixture.connect();
  await fixture.sessions.register({ sessionKey: 'open', agentFrom: 'planner', metadata: {} });
  await fixture.sessions.register({ sessionKey: 'done', agentFrom: 'planner', metadata: {} });
  await fixture.sessions.handOff({ sessionKey: 'done', targetAgent: 'builder', requestType: 'full_handoff', requestData: {} });
});
afterAll(() => fixture.dispose());

/** Every row of every table of the database, as one digest per table. */
async function everything(): Promise<unknown> {
  const tables = await fixture.sql<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND NOT relispartition ORDER BY 1",
  );
  const digests: unknown[] = [];
  for (const { name } of tables)
    digests.push([name, await fixture.sql(`SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM "${name}" t`)]);
  return { digests, cache: [...fixture.cache.entries.keys()].sort() };
}

const UPDATE = { sessionKey: 'open', contextType: 'message', content: 'x' };

it.each([
  ['register_session', {}],
  ['register_session', { sessionKey: 'new', agentFrom: '' }],
  ['register_session', { sessionKey: 'x'.repeat(256), agentFrom: 'a' }],
  ['register_session', { sessionKey: 'new\0', agentFrom: 'a' }],
  ['register_session', { sessionKey: 'new', agentFrom: 'a', metadata: { x: '\ud800' } }],
  ['register_session', { sessionKey: 'new', agentFrom: 'a', metadata: { x: 'y'.repeat(LIMITS.maxMetadataBytes) } }],
  ['register_session', { sessionKey: 'open', agentFrom: 'a' }],
  ['register_session', { sessionKey: 'done', agentFrom: 'a' }],
  ['update_context', { ...UPDATE, sessionKey: 'nobody' }],
  ['update_context', { ...UPDATE, sessionKey: 'done' }],
  ['update_context', { ...UPDATE, contextType: 'note' }],
  ['update_context', { ...UPDATE, content: 'a\0b' }],
  ['update_context', { ...UPDATE, content: '' }],
  ['update_context', { ...UPDATE, content: 'x'.repeat(LIMITS.maxContentBytes + 1) }],
  ['update_context', { ...UPDATE, metadata: [] }],
  ['request_handoff', { sessionKey: 'open' }],
  ['request_handoff', { sessionKey: 'open', targetAgent: 'x'.repeat(101) }],
  ['request_handoff', { sessionKey: 'open', targetAgent: 'b', requestType: 'steal' }],
  ['request_handoff', { sessionKey: 'open', targetAgent: 'b', requestData: { 'a\0': 1 } }],
  ['request_handoff', { sessionKey: 'nobody', targetAgent: 'b' }],
  ['request_handoff', { sessionKey: 'done', targetAgent: 'b' }],
] as readonly (readonly [string, Record<string, unknown>])[])('%s, refused, changes nothing (%#)', async (name, args) => {
  const before = await everything();
  const result = await client.callTool({ name, arguments: args });
  expect(result.isError).toBe(true);
  expect(await everything()).toEqual(before);
});

it('an unknown tool and a resource that is refused change nothing', async () => {
  const before = await everything();
  await expect(client.callTool({ name: 'forget_session', arguments: { sessionKey: 'open' } })).rejects.toMatchObject({ code: -32602 });
  for (const uri of [
    'handoff://context/nobody',
    'handoff://sessions?limit=0',
    'handoff://jobs',
    "handoff://sessions?agent=' OR true --",
    'handoff://sessions?cursor=zzz',
  ]) {
    await client.readResource({ uri }).catch(() => undefined);
  }
  expect(await everything()).toEqual(before);
});

it.each([
  ['quotes and backslashes', `'; DROP TABLE sessions; -- "\\ \\u0000 %s $1`],
  ['every kind of space and control character', '\t\n\r\u0001\u001f\u007f\u0085\u2028\ufeff'],
  ['unicode', '日本語 😀 é e\u0301 \u202e reversed \uffff'],
  ['the longest content', '€'.repeat(Math.floor(LIMITS.maxContentBytes / 3))],
  ['a blank', ' '],
])('%s comes back as it was given, as content, key, agent and metadata', async (_what, text) => {
  const key = text.trim() === '' ? 'blank content' : text.slice(0, 200);
  const metadata = { [text.slice(0, 50)]: [text.slice(0, 5000), { nested: null, n: 1.5e-7, big: Number.MAX_SAFE_INTEGER, yes: true }] };
  expect(
    (await client.callTool({ name: 'register_session', arguments: { sessionKey: key, agentFrom: key.slice(0, 100), metadata } })).isError,
  ).not.toBe(true);
  expect(
    (await client.callTool({ name: 'update_context', arguments: { sessionKey: key, contextType: 'message', content: text, metadata } }))
      .isError,
  ).not.toBe(true);
  expect(
    (
      await client.callTool({
        name: 'request_handoff',
        arguments: { sessionKey: key, targetAgent: key.slice(0, 100), requestData: metadata },
      })
    ).isError,
  ).not.toBe(true);

  const { contents } = await client.readResource({ uri: `handoff://context/${encodeURIComponent(key)}` });
  const body = JSON.parse((contents as { text: string }[])[0]?.text ?? 'null') as { session: object; contextHistory: object[] };
  expect(body.session).toMatchObject({ sessionKey: key, agentFrom: key.slice(0, 100), agentTo: key.slice(0, 100), metadata });
  expect(body.contextHistory[1]).toMatchObject({ content: text, metadata, contentSizeBytes: Buffer.byteLength(text) });
  const packed = JSON.parse(fixture.cache.entries.get(handoffPackageKey(key.slice(0, 100), key).key)?.value ?? 'null') as {
    fullContext: { contextHistory: object[] };
    requestData: object;
  };
  expect(packed.fullContext.contextHistory).toEqual(body.contextHistory.slice(0, 2));
  expect(packed.requestData).toEqual(metadata);

  const listed = await client.readResource({ uri: `handoff://agents/${encodeURIComponent(key.slice(0, 100))}/sessions` });
  expect(JSON.parse((listed.contents as { text: string }[])[0]?.text ?? 'null')).toMatchObject([{ sessionKey: key }]);
});
