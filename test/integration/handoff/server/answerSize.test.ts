import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS, handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { metadata, seeded, text } from '../../../setup/legalContent.js';

/** Any legal content, any limit: every answer fits, and over the pages and ranges nothing is lost. */

const MAX_ANSWER_BYTES = 524_288;

interface Cut {
  readonly nextOffset: number;
}
interface Shown {
  readonly metadata: unknown;
  readonly cut?: { readonly content?: Cut; readonly metadata?: Cut };
}
type ShownEntry = Shown & { readonly sequenceNumber: number; readonly content: string };
type ShownSession = Shown & { readonly sessionKey: string };
interface ContextPage {
  readonly session: ShownSession;
  readonly contextHistory: readonly ShownEntry[];
  readonly nextAfter?: number;
}
interface Range {
  readonly text: string;
  readonly nextOffset?: number;
}
type Parameters = Readonly<Record<string, string | number>>;

/** How an agent reads: both ways must give the same. */
interface Reader {
  context(sessionKey: string, parameters: Parameters): Promise<ContextPage & Range>;
  sessions(parameters: Parameters): Promise<{ readonly sessions: readonly ShownSession[]; readonly nextCursor?: string }>;
}

let fixture: HandoffFixture;
let client: Client;
let largest = 0;
beforeAll(async () => {
  fixture = await handoffFixture({ maxAnswerBytes: MAX_ANSWER_BYTES, maxPageBytes: MAX_ANSWER_BYTES });
  client = await fixture.connect((bytes) => (largest = Math.max(largest, bytes)));
  await client.listTools();
});
afterAll(() => fixture.dispose());

const query = (parameters: Parameters): string =>
  new URLSearchParams(Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)])).toString();

async function read(uri: string): Promise<never> {
  const { contents } = await client.readResource({ uri });
  return JSON.parse((contents as { text: string }[])[0]?.text ?? 'null') as never;
}

async function call(name: string, args: Record<string, unknown>): Promise<never> {
  const result = await client.callTool({ name, arguments: args });
  const body = JSON.parse((result.content as { text: string }[])[0]?.text ?? 'null') as { success: boolean };
  expect(body.success, JSON.stringify(body).slice(0, 500)).toBe(true);
  expect(result.structuredContent).toEqual(body);
  return body as never;
}

const readers: Readonly<Record<'resources' | 'tools', Reader>> = {
  resources: {
    context: (key, parameters) => read(`handoff://context/${encodeURIComponent(key)}?${query(parameters)}`),
    sessions: (parameters) => read(`handoff://sessions?${query(parameters)}`),
  },
  tools: {
    context: (sessionKey, parameters) => call('get_context', { sessionKey, ...parameters }),
    sessions: (parameters) => call('list_sessions', parameters),
  },
};

async function rest(reader: Reader, key: string, parameters: Parameters, from: number): Promise<string> {
  const texts: string[] = [];
  for (let offset: number | undefined = from; offset !== undefined; ) {
    const range: Range = await reader.context(key, { ...parameters, offset });
    expect(range.text.length > 0 || range.nextOffset === undefined).toBe(true);
    texts.push(range.text);
    offset = range.nextOffset;
  }
  return texts.join('');
}

async function wholeEntry(
  reader: Reader,
  key: string,
  { content, metadata: shown, cut, sequenceNumber: entry }: ShownEntry,
): Promise<object> {
  return {
    content: cut?.content === undefined ? content : content + (await rest(reader, key, { part: 'content', entry }, cut.content.nextOffset)),
    metadata:
      cut?.metadata === undefined
        ? shown
        : (JSON.parse(await rest(reader, key, { part: 'metadata', entry }, cut.metadata.nextOffset)) as unknown),
  };
}

async function wholeSession(reader: Reader, { sessionKey, metadata: shown, cut }: ShownSession): Promise<unknown> {
  return cut?.metadata === undefined
    ? shown
    : JSON.parse(await rest(reader, sessionKey, { part: 'session_metadata' }, cut.metadata.nextOffset));
}

const withoutTime = (given: object): object => ({ timestamp: expect.any(String), ...given });

describe.each(['resources', 'tools'] as const)('read by %s', (way) => {
  const reader = readers[way];

  it.each([1, 2, 3, 4])('the context of a session is whole (seed %d)', { timeout: 120_000 }, async (seed) => {
    const random = seeded(seed * 7919);
    const key = `${way} ${seed} ${text(random, 200)}`.slice(0, 200).trim().toWellFormed();
    const own = metadata(random, LIMITS.maxMetadataBytes);
    await fixture.sessions.register({ sessionKey: key, agentFrom: 'planner', metadata: own });
    const written: { content: string; metadata: Record<string, unknown> }[] = [];
    for (let n = 0; n < 8; n += 1) {
      // One entry as large as may be; all of them would take the database minutes.
      const [contentBytes, metadataBytes] =
        n === 5 ? [LIMITS.maxContentBytes, LIMITS.maxMetadataBytes] : [Math.floor(random() ** 3 * 300_000), 10_000];
      const entry = { content: text(random, contentBytes), metadata: metadata(random, metadataBytes) };
      written.push(entry);
      await fixture.sessions.append({ sessionKey: key, contextType: 'message', ...entry });
    }

    largest = 0;
    const found: object[] = [];
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page: ContextPage = await reader.context(key, { after, limit: 1 + Math.floor(random() * 1000), type: 'message' });
      expect(page.contextHistory.length).toBeGreaterThan(0);
      if (after === 0) expect(await wholeSession(reader, page.session)).toEqual(own);
      for (const entry of page.contextHistory) found.push(await wholeEntry(reader, key, entry));
      after = page.nextAfter;
    }
    expect(found).toEqual(written.map(({ content, metadata: given }) => ({ content, metadata: withoutTime(given) })));
    expect(largest).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    expect(largest).toBeGreaterThan(MAX_ANSWER_BYTES / 4);
  });

  it('the listing of sessions is whole, whatever is in their metadata', { timeout: 120_000 }, async () => {
    const random = seeded(way.length);
    const agent = `lister by ${way}`;
    const written = new Map<string, unknown>();
    for (let n = 0; n < 40; n += 1) {
      const own = metadata(random, n === 5 ? LIMITS.maxMetadataBytes : 20_000);
      written.set(`${agent} ${n}`, own);
      await fixture.sessions.register({ sessionKey: `${agent} ${n}`, agentFrom: agent, metadata: own });
    }
    largest = 0;
    const found = new Map<string, unknown>();
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: Awaited<ReturnType<Reader['sessions']>> = await reader.sessions({
        agent,
        limit: 1 + Math.floor(random() * 1000),
        ...(cursor === '' ? {} : { cursor }),
      });
      for (const session of page.sessions) {
        expect(found.has(session.sessionKey)).toBe(false);
        found.set(session.sessionKey, await wholeSession(reader, session));
      }
      cursor = page.nextCursor;
    }
    expect(found).toEqual(new Map([...written].reverse()));
    expect(largest).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
  });
});

it('a summary fits, whatever metadata hold where names are expected', async () => {
  const long = '\u0001'.repeat(10_000);
  await fixture.sessions.register({ sessionKey: 'names', agentFrom: 'planner', metadata: {} });
  for (let n = 0; n < 25; n += 1) {
    const name = `${n}${long}`;
    await fixture.sessions.append({
      sessionKey: 'names',
      contextType: 'system',
      content: 'x',
      metadata: { action: name, agent: name, user: name, fileType: name, toolName: name },
    });
  }
  largest = 0;
  expect(await call('get_summary', { sessionKey: 'names' })).toMatchObject({ participants: expect.arrayContaining(['planner']) });
  await read('handoff://summary/names');
  expect(largest).toBeLessThan(MAX_ANSWER_BYTES / 2);
});

it('what an answer repeats of the request counts too', async () => {
  await fixture.sessions.register({ sessionKey: 'repeated', agentFrom: 'planner', metadata: {} });
  await fixture.sessions.append({
    sessionKey: 'repeated',
    contextType: 'message',
    content: '"'.repeat(LIMITS.maxContentBytes),
    metadata: {},
  });
  largest = 0;
  await client.readResource({ uri: `handoff://context/repeated?${'limit=1000&'.repeat(700)}after=1` });
  expect(largest).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
});
