import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../../src/handoff/services.js';
import type { HandoffOutcome, HandoffRequest } from '../../../../../src/handoff/sessions/requestHandoff.js';
import type { Sessions } from '../../../../../src/handoff/sessions/sessions.js';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';
import { Recording } from '../../../../unit/telemetry/recording.js';

/** Handoffs of one turn of the event loop share their statements; each is answered as if it had its own. */

const READ = 'handoff_read_handoff_state';
const READ_TOGETHER = 'handoff_read_handoff_states';
const WRITE = 'handoff_write_handoff';
const WRITE_TOGETHER = 'handoff_write_handoffs';

let fixture: HandoffFixture;
let recording: Recording;
let sessions: Sessions;
beforeAll(async () => {
  fixture = await handoffFixture();
});
beforeEach(() => {
  recording = new Recording();
  const { tracer, meter, log } = recording;
  ({ sessions } = createHandoffServices({ database: fixture.database, cache: fixture.cache, tracer, meter, log }));
  return () => recording.dispose();
});
afterAll(() => fixture.dispose());

const addEntry = (sessionKey: string, content: string) => sessions.append({ sessionKey, contextType: 'message', content, metadata: {} });

/** A session whose history is large enough to be kept. */
async function longSession(sessionKey: string): Promise<void> {
  await sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
  await Promise.all(Array.from({ length: 12 }, (_, index) => addEntry(sessionKey, `${sessionKey} ${index} ${'x'.repeat(500)}`)));
}

const handOff = (sessionKey: string, other: Partial<HandoffRequest> = {}): Promise<HandoffOutcome> =>
  sessions.handOff({ sessionKey, targetAgent: 'builder', requestType: 'collaboration', requestData: {}, ...other });

/** Sessions that this process has handed over before; `sent` begins after that. */
async function knownSessions(...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await longSession(key);
    expect(await handOff(key)).toMatchObject({ kind: 'handed_off' });
  }
  fixture.sent.length = 0;
}

const contentsOf = (sessionKey: string, agent = 'builder'): string[] => {
  const value = JSON.parse(fixture.cache.entries.get(`handoff:${agent}:${sessionKey}`)?.value ?? 'null') as {
    fullContext: { contextHistory: { content: string }[] };
  };
  return value.fullContext.contextHistory.map(({ content }) => content.replace(/ x+$/, ''));
};

const kinds = (results: readonly PromiseSettledResult<HandoffOutcome>[]): string[] =>
  results.map((result) => (result.status === 'rejected' ? 'rejected' : result.value.kind));

it('they read with one statement and write with one, and each has its own answer, package, request and entry', async () => {
  await knownSessions('a', 'b', 'c');
  await sessions.append({ sessionKey: 'b', contextType: 'file', content: 'added to b', metadata: {} });
  fixture.sent.length = 0;
  const results = await Promise.all([
    handOff('a', { targetAgent: 'first', requestData: { note: 'for "a", {braces}, \\ and NULL' } }),
    handOff('b', { targetAgent: 'second', requestType: 'context_transfer' }),
    handOff('c', { targetAgent: 'third', requestType: 'full_handoff' }),
  ]);
  expect(fixture.sent).toEqual([READ_TOGETHER, WRITE_TOGETHER]);
  expect(results).toMatchObject([
    { kind: 'handed_off', contextEntries: 14, status: 'active', requestingAgent: 'planner', cacheKey: 'handoff:first:a' },
    { kind: 'handed_off', contextEntries: 15, status: 'active', summary: { fileCount: 1 } },
    { kind: 'handed_off', contextEntries: 14, status: 'completed' },
  ]);
  expect(contentsOf('a', 'first')).toEqual([
    'Session registered by agent: planner',
    ...Array.from({ length: 12 }, (_, index) => `a ${index}`),
    'Handoff requested to agent: builder',
  ]);
  expect(contentsOf('b', 'second').at(-1)).toBe('added to b');
  const stored = await fixture.sql(
    `SELECT s.session_key, s.agent_to, s.status, r.id, r.request_type, r.request_data, h.content, h.sequence_number, h.metadata ->> 'targetAgent' AS target
     FROM sessions s JOIN handoff_requests r ON r.session_id = s.id AND r.target_agent = s.agent_to
       JOIN context_history h ON h.session_id = s.id AND h.sequence_number = s.last_sequence_number
     WHERE session_key IN ('a', 'b', 'c') ORDER BY 1`,
  );
  const idOf = (index: number): unknown => (results[index] as { handoffId?: string }).handoffId;
  const rowOf = (key: string, target: string, more: object): object => ({
    session_key: key,
    agent_to: target,
    target,
    content: `Handoff requested to agent: ${target}`,
    ...more,
  });
  expect(stored).toEqual([
    rowOf('a', 'first', {
      status: 'active',
      id: idOf(0),
      request_type: 'collaboration',
      request_data: { note: 'for "a", {braces}, \\ and NULL' },
      sequence_number: 15,
    }),
    rowOf('b', 'second', { status: 'active', id: idOf(1), request_type: 'context_transfer', request_data: {}, sequence_number: 16 }),
    rowOf('c', 'third', { status: 'completed', id: idOf(2), request_type: 'full_handoff', request_data: {}, sequence_number: 15 }),
  ]);
});

it('histories that are not known yet are read by themselves', async () => {
  await longSession('new-a');
  await longSession('new-b');
  fixture.sent.length = 0;
  expect(kinds(await Promise.allSettled([handOff('new-a'), handOff('new-b')]))).toEqual(['handed_off', 'handed_off']);
  expect(fixture.sent.filter((name) => name === READ || name === READ_TOGETHER)).toEqual([READ, READ]);
  expect(contentsOf('new-a')).toHaveLength(13);
});

it('what has become much longer since is read by itself, and the others wait for no more than a little text of it', async () => {
  await knownSessions('grown', 'short');
  const content = 'y'.repeat(100_000);
  await Promise.all([1, 2, 3].map(() => addEntry('grown', content)));
  fixture.sent.length = 0;
  await Promise.all([handOff('grown'), handOff('short')]);
  expect(fixture.sent.filter((name) => name === READ || name === READ_TOGETHER)).toEqual([READ_TOGETHER, READ]);
  expect(contentsOf('grown').slice(-3)).toEqual([content, content, content]);
});

it('one that comes by itself has statements of its own', async () => {
  await knownSessions('single');
  await handOff('single');
  expect(fixture.sent).toEqual([READ, WRITE]);
});

it('each is told of its own session: ended, archived and deleted ones do not concern the others', async () => {
  await knownSessions('good', 'ended', 'archived', 'deleted');
  await fixture.sql("UPDATE sessions SET status = 'completed' WHERE session_key = 'ended'");
  await fixture.sql("UPDATE sessions SET archived_at = now() WHERE session_key = 'archived'");
  await fixture.sql("DELETE FROM sessions WHERE session_key = 'deleted'");
  const results = await Promise.all(['ended', 'good', 'archived', 'deleted'].map((key) => handOff(key)));
  expect(fixture.sent).toEqual([READ_TOGETHER, WRITE]);
  expect(results).toMatchObject([
    { kind: 'session_not_active', status: 'completed' },
    { kind: 'handed_off' },
    { kind: 'session_not_active', status: 'archived' },
    { kind: 'session_not_found' },
  ]);
});

it('two of the same session come one after the other, and the second has the entry of the first', async () => {
  await knownSessions('twice', 'beside');
  const results = await Promise.all([
    handOff('twice', { targetAgent: 'one' }),
    handOff('beside'),
    handOff('twice', { targetAgent: 'two' }),
  ]);
  expect(results.map((result) => (result.kind === 'handed_off' ? result.contextEntries : result.kind))).toEqual([14, 14, 15]);
  expect(contentsOf('twice', 'two').at(-1)).toBe('Handoff requested to agent: one');
});

it('a rule of retention, dormancy and the event with the trace are those of the session', async () => {
  await knownSessions('ruled', 'asleep');
  await fixture.sql("INSERT INTO retention_rules (position, policy, request_type) VALUES (1, 'extended', 'context_transfer')");
  await fixture.sql("UPDATE sessions SET is_dormant = true WHERE session_key = 'asleep'");
  try {
    await Promise.all([handOff('ruled', { requestType: 'context_transfer' }), handOff('asleep')]);
  } finally {
    await fixture.sql('DELETE FROM retention_rules');
  }
  expect(fixture.sent).toEqual([READ_TOGETHER, WRITE_TOGETHER]);
  expect(
    await fixture.sql(
      "SELECT session_key, retention_policy, ttl_hours, is_dormant FROM sessions WHERE session_key IN ('ruled', 'asleep') ORDER BY 1",
    ),
  ).toEqual([
    { session_key: 'asleep', retention_policy: 'standard', ttl_hours: 24, is_dormant: false },
    { session_key: 'ruled', retention_policy: 'extended', ttl_hours: 72, is_dormant: false },
  ]);
  expect(
    await fixture.sql(
      "SELECT s.session_key, c.before, c.after FROM retention_changes c JOIN sessions s ON s.id::text = c.subject_id WHERE session_key IN ('ruled', 'asleep')",
    ),
  ).toEqual([{ session_key: 'ruled', before: { policy: 'standard' }, after: { policy: 'extended' } }]);
  const call = recording.spans.findLast(
    ({ name, attributes }) => name === 'handoff.session.handoff' && attributes['handoff.session.key'] === 'asleep',
  );
  const events = await fixture.sql<{ event_data: object }>(
    "SELECT event_data FROM session_lifecycle e JOIN sessions s ON s.id = e.session_id WHERE session_key = 'asleep' AND event_type = 'reactivated'",
  );
  const traceparent = `00-${call?.spanContext().traceId}-${call?.spanContext().spanId}-01`;
  expect(events).toEqual([{ event_data: { cause: 'handoff_requested', traceparent } }]);
});

it('what the database refuses fails by itself, and the others are handed over once', async () => {
  await knownSessions('fine', 'refused', 'fine-too');
  const results = await Promise.allSettled([handOff('fine'), handOff('refused', { requestData: { text: '\u0000' } }), handOff('fine-too')]);
  expect(kinds(results)).toEqual(['handed_off', 'rejected', 'handed_off']);
  expect(fixture.sent).toEqual([READ_TOGETHER, WRITE_TOGETHER, WRITE, WRITE, WRITE]);
  const counts = await fixture.sql<{ session_key: string; n: number }>(
    "SELECT session_key, count(*)::int AS n FROM handoff_requests r JOIN sessions s ON s.id = r.session_id WHERE session_key IN ('fine', 'refused', 'fine-too') GROUP BY 1 ORDER BY 1",
  );
  // One from before, each.
  expect(counts.map(({ session_key: key, n }) => `${key} ${n}`)).toEqual(['fine 2', 'fine-too 2', 'refused 1']);
});

it('a session that somebody else has locked holds up nobody, and is handed over when it is free', async () => {
  await knownSessions('locked', 'open');
  const keeper = new pg.Client({ connectionString: fixture.database.pool.options.connectionString });
  await keeper.connect();
  try {
    await keeper.query('BEGIN');
    await keeper.query("SELECT FROM sessions WHERE session_key = 'locked' FOR UPDATE");
    let isAnswered = false;
    const locked = handOff('locked').finally(() => (isAnswered = true));
    expect(await handOff('open')).toMatchObject({ kind: 'handed_off' });
    await expect.poll(() => fixture.sent, { timeout: 10_000 }).toEqual([READ_TOGETHER, WRITE_TOGETHER, WRITE]);
    expect(isAnswered).toBe(false);
    await keeper.query('COMMIT');
    expect(await locked).toMatchObject({ kind: 'handed_off', contextEntries: 14 });
  } finally {
    await keeper.end();
  }
});

it('many go in statements of sixteen, and each entry has its own number', async () => {
  const keys = Array.from({ length: 40 }, (_, index) => `many-${index}`);
  await knownSessions(...keys);
  expect(new Set(kinds(await Promise.allSettled(keys.map((key) => handOff(key)))))).toEqual(new Set(['handed_off']));
  expect(fixture.sent.filter((name) => name === READ_TOGETHER)).toHaveLength(3);
  const counts = recording.spans.flatMap(({ name, attributes }) =>
    name === 'handoff.session.handoff_together' ? [attributes['handoff.context.entry_count']] : [],
  );
  expect(Math.max(...counts.map(Number))).toBe(16);
  expect(await fixture.sql("SELECT DISTINCT last_sequence_number FROM sessions WHERE session_key LIKE 'many-%'")).toEqual([
    { last_sequence_number: 15 },
  ]);
});

it('each has its own span, linked with those of the statements, which are in traces of their own', async () => {
  await knownSessions('traced', 'traced-too');
  await Promise.all([handOff('traced'), handOff('traced-too')]);
  const together = recording.spans.filter(({ name }) => name === 'handoff.session.handoff_together');
  expect(together.map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined, undefined]);
  const calls = recording.spans.filter(({ name, links }) => name === 'handoff.session.handoff' && links.length > 0);
  const idsOf = (links: readonly { readonly context: { readonly spanId: string } }[]): string[] =>
    links.map((link) => link.context.spanId).toSorted();
  const ids = (spans: typeof calls): string[] => spans.map((span) => span.spanContext().spanId).toSorted();
  expect(calls).toHaveLength(2);
  for (const { links } of calls) expect(idsOf(links)).toEqual(ids(together));
  for (const { links } of together) expect(idsOf(links)).toEqual(ids(calls));
});
