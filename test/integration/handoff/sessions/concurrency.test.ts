import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

const CALLERS = 50;

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

const numbered = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_none, index) => from + index);
const register = (sessionKey: string) => fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
const append = (sessionKey: string, content: string) =>
  fixture.sessions.append({ sessionKey, contextType: 'message', content, metadata: {} });
const handOff = (sessionKey: string, targetAgent: string) =>
  fixture.sessions.handOff({ sessionKey, targetAgent, requestType: 'context_transfer', requestData: {} });
const sequence = async (sessionKey: string): Promise<number[]> =>
  (
    await fixture.sql<{ n: number }>(
      'SELECT sequence_number AS n FROM context_history h JOIN sessions s ON s.id = h.session_id WHERE session_key = $1 ORDER BY n',
      [sessionKey],
    )
  ).map(({ n }) => n);

it('fifty update_context at once on one session, through real clients, all succeed with consecutive numbers', async () => {
  await register('many');
  const clients = await Promise.all(numbered(1, 5).map(() => fixture.connect()));
  const results = await Promise.all(
    clients.flatMap((client, which) =>
      numbered(1, CALLERS / clients.length).map((n) =>
        client.callTool({
          name: 'update_context',
          arguments: { sessionKey: 'many', contextType: 'message', content: `entry ${which}-${n}` },
        }),
      ),
    ),
  );
  const bodies = results.map(
    (result) =>
      JSON.parse((result.content as { text: string }[])[0]?.text ?? 'null') as {
        success: boolean;
        contextEntry: { sequenceNumber: number };
      },
  );
  expect(bodies.filter(({ success }) => !success)).toEqual([]);
  expect(bodies.map(({ contextEntry }) => contextEntry.sequenceNumber).sort((a, b) => a - b)).toEqual(numbered(2, CALLERS + 1));
  expect(await sequence('many')).toEqual(numbered(1, CALLERS + 1));
});

it('fifty registrations of one key make one session with one first entry; the others see it', async () => {
  const outcomes = await Promise.all(
    numbered(1, CALLERS).map((n) => fixture.sessions.register({ sessionKey: 'wanted', agentFrom: `agent-${n}`, metadata: {} })),
  );
  const created = outcomes.filter(({ kind }) => kind === 'registered');
  expect(created).toHaveLength(1);
  expect(outcomes.filter(({ kind }) => kind === 'session_exists')).toHaveLength(CALLERS - 1);
  expect(new Set(outcomes.map(({ session }) => session.id)).size).toBe(1);
  expect(new Set(outcomes.map(({ session }) => session.agentFrom)).size).toBe(1);
  expect(await sequence('wanted')).toEqual([1]);
  const events = await fixture.sql('SELECT event_type FROM session_lifecycle WHERE session_id = $1', [created[0]?.session.id]);
  expect(events).toHaveLength(2);
});

it('handoffs among updates lose nothing, and every package holds exactly the entries it counts', async () => {
  await register('busy');
  const updates = numbered(1, 40).map((n) => append('busy', `entry ${n}`));
  const handoffs = numbered(1, 10).map((n) => handOff('busy', `target-${n}`));
  const [appended, handedOff] = await Promise.all([Promise.all(updates), Promise.all(handoffs)]);
  expect(appended.map(({ kind }) => kind)).toEqual(updates.map(() => 'appended'));
  expect(handedOff.map(({ kind }) => kind)).toEqual(handoffs.map(() => 'handed_off'));
  expect(await sequence('busy')).toEqual(numbered(1, 51));

  const rows = await fixture.sql<{ n: number; agent: string | null; total: number | null }>(
    `SELECT sequence_number AS n, h.metadata ->> 'targetAgent' AS agent, (h.metadata ->> 'totalContextEntries')::int AS total
     FROM context_history h JOIN sessions s ON s.id = h.session_id WHERE session_key = 'busy' ORDER BY n`,
  );
  for (const outcome of handedOff) {
    if (outcome.kind !== 'handed_off') throw new Error(outcome.kind);
    const target = outcome.cacheKey.split(':')[1] ?? '';
    const stored = JSON.parse(fixture.cache.entries.get(outcome.cacheKey)?.value ?? 'null') as {
      fullContext: { contextHistory: { sequenceNumber: number }[] };
    };
    expect(stored.fullContext.contextHistory.map(({ sequenceNumber }) => sequenceNumber)).toEqual(numbered(1, outcome.contextEntries));
    // The entry that records this handoff is the very next one.
    expect(rows.find(({ agent }) => agent === target)).toEqual({
      n: outcome.contextEntries + 1,
      agent: target,
      total: outcome.contextEntries,
    });
  }
});

it('full handoffs among updates: one wins, and every acknowledged update is stored before it', async () => {
  await register('ending');
  const calls = numbered(1, 30).map((n) =>
    n % 6 === 0
      ? fixture.sessions.handOff({ sessionKey: 'ending', targetAgent: `t${n}`, requestType: 'full_handoff', requestData: {} })
      : append('ending', `entry ${n}`),
  );
  const outcomes = await Promise.all(calls);
  expect(outcomes.filter(({ kind }) => kind === 'handed_off')).toHaveLength(1);
  const appended = outcomes.filter(({ kind }) => kind === 'appended').length;
  expect(outcomes.filter((outcome) => outcome.kind === 'session_not_active' && outcome.status === 'completed')).toHaveLength(
    calls.length - 1 - appended,
  );
  expect(await sequence('ending')).toEqual(numbered(1, appended + 2));
  expect(
    await fixture.sql(
      "SELECT count(*)::int AS n FROM handoff_requests r JOIN sessions s ON s.id = r.session_id WHERE session_key = 'ending'",
    ),
  ).toEqual([{ n: 1 }]);
});

it('a dormant session is reactivated exactly once, whoever comes first', async () => {
  await register('asleep');
  await fixture.sql("UPDATE sessions SET is_dormant = true WHERE session_key = 'asleep'");
  await Promise.all(numbered(1, 20).map((n) => (n % 5 === 0 ? handOff('asleep', `t${n}`) : append('asleep', `entry ${n}`))));
  const events = await fixture.sql(
    "SELECT event_type FROM session_lifecycle l JOIN sessions s ON s.id = l.session_id WHERE session_key = 'asleep' AND event_type = 'reactivated'",
  );
  expect(events).toHaveLength(1);
  expect(await fixture.sql("SELECT is_dormant FROM sessions WHERE session_key = 'asleep'")).toEqual([{ is_dormant: false }]);
});
