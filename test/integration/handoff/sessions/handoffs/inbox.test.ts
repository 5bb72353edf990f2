import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arrivedHandoffs } from '../../../../../src/handoff/sessions/handoffs/sql/arrivedHandoffs.js';
import { forgetInboxes } from '../../../../../src/handoff/sessions/handoffs/sql/forgetInboxes.js';
import { listHandoffs } from '../../../../../src/handoff/sessions/handoffs/sql/listHandoffs.js';
import { timeOutHandoffs } from '../../../../../src/handoff/sessions/handoffs/sql/timeOutHandoffs.js';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';

/** The inbox of an agent: what it shows, page by page, and what becomes of what an agent leaves in it. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

async function handOff(sessionKey: string, targetAgent: string, requestData: Record<string, unknown> = {}): Promise<string> {
  await fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
  const outcome = await fixture.sessions.handOff({ sessionKey, targetAgent, requestType: 'collaboration', requestData });
  if (outcome.kind !== 'handed_off') throw new Error(outcome.kind);
  return outcome.handoffId;
}

const statusOf = async (handoffId: string): Promise<string | undefined> =>
  (await fixture.sql<{ status: string }>('SELECT status FROM handoff_requests WHERE id = $1', [handoffId]))[0]?.status;

describe('list_handoffs', () => {
  it('pages through all handoffs to an agent, newest first, whatever their state, and filters them', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) ids.unshift(await handOff(`paged ${index}`, 'pager', { index }));
    await handOff('not for the pager', 'other');
    // Three of one moment: their ids decide.
    await fixture.sql("UPDATE handoff_requests SET created_at = '2026-01-01' WHERE id = ANY($1)", [ids.slice(2, 5)]);
    await fixture.sessions.acceptHandoff({ sessionKey: 'paged 1', agent: 'pager' });
    await fixture.sessions.rejectHandoff({ sessionKey: 'paged 4', agent: 'pager', answer: { reason: 'no' } });

    const inOrder = (
      await fixture.sql<{ id: string }>("SELECT id FROM handoff_requests WHERE target_agent = 'pager' ORDER BY created_at DESC, id DESC")
    ).map(({ id }) => id);
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await fixture.sessions.listHandoffs({ agent: 'pager', limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ handoffId }) => handoffId));
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== undefined);
    expect(seen).toEqual(inOrder);
    expect(seen).toHaveLength(7);
    expect(pages).toBe(4);

    const rejected = await fixture.sessions.listHandoffs({ agent: 'pager', status: 'rejected', limit: 10 });
    expect(rejected.items).toMatchObject([
      { sessionKey: 'paged 4', answer: { reason: 'no' }, requestData: { index: 4 }, sessionStatus: 'active' },
    ]);
    expect((await fixture.sessions.listHandoffs({ agent: 'pager', requestType: 'full_handoff', limit: 10 })).items).toEqual([]);
    await expect(fixture.sessions.listHandoffs({ agent: 'pager', limit: 2, cursor: 'x' })).rejects.toMatchObject({
      code: 'HANDOFF_INVALID_CURSOR',
    });
  });

  it('reads no more than the inbox of the agent, and sweeps and watches no more than those of all who have one', async () => {
    await fixture.sql(
      `INSERT INTO handoff_requests (session_id, requesting_agent, target_agent, status)
       SELECT s.id, 'planner', 'agent ' || n % 500, 'pending' FROM generate_series(1, 20000) n, (SELECT id FROM sessions LIMIT 1) s`,
    );
    await fixture.sql("INSERT INTO inbox_agents (agent) SELECT 'agent ' || n FROM generate_series(0, 49) n");
    await fixture.sql('ANALYZE handoff_requests, inbox_agents');
    for (const [statement, index, values] of [
      [listHandoffs, 'handoff_requests_inbox_idx', ['agent 7', null, null, null, null, 100, 4_000_000, true]],
      [arrivedHandoffs, 'handoff_requests_arrivals_idx', [30, 10_000]],
      [timeOutHandoffs, 'handoff_requests_inbox_idx', [24, 500]],
      [forgetInboxes, 'handoff_requests_inbox_idx', [1000]],
    ] as const) {
      const plan = JSON.stringify(await fixture.sql(`EXPLAIN (FORMAT JSON) ${statement.text}`, values));
      expect(plan).toContain(index);
      // By its state alone: everything that agents of the earlier contract were ever handed is pending.
      expect(plan).not.toContain('handoff_requests_status_idx');
      expect(plan).not.toMatch(/"Seq Scan"[^{}]*"handoff_requests"/);
    }
    await fixture.sql("DELETE FROM inbox_agents WHERE agent LIKE 'agent %'");
    await fixture.sql("DELETE FROM handoff_requests WHERE target_agent LIKE 'agent %'");
  });

  it('notes that the agent uses its inbox, once a minute at most', async () => {
    await handOff('noted', 'noted');
    const used = () => fixture.sql<{ first_used_at: Date; last_used_at: Date }>("SELECT * FROM inbox_agents WHERE agent = 'noted'");
    for (let calls = 0; calls < 3; calls += 1) await fixture.sessions.listHandoffs({ agent: 'noted', limit: 1 });
    const [first] = await used();
    expect(first?.last_used_at).toEqual(first?.first_used_at);
    await fixture.sql("UPDATE inbox_agents SET last_used_at = now() - interval '2 minutes' WHERE agent = 'noted'");
    await fixture.sessions.listHandoffs({ agent: 'noted', limit: 1 });
    const [later] = await used();
    expect(later?.first_used_at).toEqual(first?.first_used_at);
    expect(Number(later?.last_used_at)).toBeGreaterThan(Number(first?.last_used_at));
  });
});

describe('the note that an agent uses its inbox', () => {
  const noted = async (): Promise<string[]> =>
    (await fixture.sql<{ agent: string }>('SELECT agent FROM inbox_agents ORDER BY agent')).map(({ agent }) => agent);
  beforeEach(() => fixture.sql('DELETE FROM inbox_agents'));

  it('is only made for the target of a handoff', async () => {
    await handOff('for the target', 'target');
    await fixture.sessions.listHandoffs({ agent: 'made up', limit: 1 });
    for (const answer of [fixture.sessions.acceptHandoff, fixture.sessions.rejectHandoff, fixture.sessions.completeHandoff]) {
      await answer({ sessionKey: 'for the target', agent: 'made up' });
      await answer({ sessionKey: 'unknown', agent: 'made up' });
    }
    expect(await noted()).toEqual([]);
    await fixture.sessions.acceptHandoff({ sessionKey: 'for the target', agent: 'target' });
    expect(await noted()).toEqual(['target']);
  });

  it('is not made by reading the resource', async () => {
    await handOff('for the watched', 'watched');
    const client = await fixture.connect();
    const { contents } = await client.readResource({ uri: 'handoff://handoffs/watched' });
    expect(JSON.stringify(contents)).toContain('for the watched');
    expect(await noted()).toEqual([]);
    await client.callTool({ name: 'list_handoffs', arguments: { agent: 'watched' } });
    expect(await noted()).toEqual(['watched']);
  });

  it('is forgotten after 30 days without use, unless a handoff waits', async () => {
    await handOff('for the waited for', 'waited for');
    await fixture.sql(
      `INSERT INTO inbox_agents (agent, first_used_at, last_used_at) VALUES
         ('unused', now() - interval '60 days', now() - interval '31 days'), ('used', now() - interval '60 days', now() - interval '29 days'),
         ('waited for', now() - interval '1 hour', now() - interval '31 days')`,
    );
    await fixture.handoffs.timeOut(100);
    expect(await noted()).toEqual(['used', 'waited for']);
  });
});

describe('a handoff that waits too long', () => {
  async function waiting(key: string, agent: string, hours: number, inboxHours: number | undefined): Promise<string> {
    const handoffId = await handOff(key, agent);
    await fixture.sql("UPDATE handoff_requests SET created_at = now() - $2::int * interval '1 hour' WHERE id = $1", [handoffId, hours]);
    if (inboxHours !== undefined) {
      await fixture.sql(
        "INSERT INTO inbox_agents (agent, first_used_at) VALUES ($1, now() - $2::int * interval '1 hour') ON CONFLICT DO NOTHING",
        [agent, inboxHours],
      );
    }
    return handoffId;
  }

  it('is timed out where its target uses its inbox, for as long as the time is; others wait for ever', async () => {
    const due = await waiting('due', 'late', 25, 100);
    const early = await waiting('early', 'late', 23, 100);
    const newcomer = await waiting('newcomer', 'newcomer', 500, 1);
    const contract = await waiting('contract', 'of the earlier contract', 500, undefined);
    expect(await fixture.handoffs.timeOut(100)).toBe(1);
    expect(await Promise.all([due, early, newcomer, contract].map(statusOf))).toEqual(['timed_out', 'pending', 'pending', 'pending']);
    expect(await fixture.sql("SELECT event_data FROM session_lifecycle WHERE event_type = 'handoff_timed_out'")).toEqual([
      { event_data: { handoff_id: due, agent: 'late', request_type: 'collaboration' } },
    ]);
    expect(await fixture.handoffs.timeOut(100)).toBe(0);
    expect(await fixture.sessions.acceptHandoff({ sessionKey: 'due', agent: 'late' })).toMatchObject({
      kind: 'handoff_not_open',
      status: 'timed_out',
    });
  });

  it('is timed out once, by however many sweeps at once, and answered or timed out, never both', async () => {
    await fixture.sql('DELETE FROM session_lifecycle');
    const ids = await Promise.all(Array.from({ length: 60 }, (_, index) => waiting(`many ${index}`, 'slow', 30, 100)));
    const sweeps = Array.from({ length: 6 }, async () => {
      let total = 0;
      for (let found = -1; found !== 0; total += found) found = await fixture.handoffs.timeOut(7);
      return total;
    });
    const answers = Array.from({ length: 20 }, (_, index) =>
      fixture.sessions.acceptHandoff({ sessionKey: `many ${index}`, agent: 'slow' }),
    );
    const [timedOut, outcomes] = await Promise.all([Promise.all(sweeps), Promise.all(answers)]);
    const accepted = outcomes.filter(({ kind }) => kind === 'answered').length;
    const total = timedOut.reduce((sum, each) => sum + each, 0);
    expect(total + accepted).toBe(60);
    const states = await Promise.all(ids.map(statusOf));
    expect(states.filter((status) => status === 'timed_out')).toHaveLength(total);
    expect(states.filter((status) => status === 'accepted')).toHaveLength(accepted);
    const events = await fixture.sql<{ event_type: string; n: number }>(
      "SELECT event_type, count(DISTINCT event_data->>'handoff_id')::int AS n, count(*)::int AS events FROM session_lifecycle WHERE event_type LIKE 'handoff%' GROUP BY event_type ORDER BY 1",
    );
    expect(events).toEqual([
      ...(accepted > 0 ? [{ event_type: 'handoff_accepted', n: accepted, events: accepted }] : []),
      { event_type: 'handoff_timed_out', n: total, events: total },
    ]);
  });
});

it('a handoff that has just come is among the arrivals, an old or answered one is not', async () => {
  const fresh = await handOff('fresh', 'waiter');
  const old = await handOff('old', 'waiter');
  await fixture.sql("UPDATE handoff_requests SET created_at = now() - interval '1 minute' WHERE id = $1", [old]);
  await handOff('answered', 'waiter');
  await fixture.sessions.acceptHandoff({ sessionKey: 'answered', agent: 'waiter' });
  const arrivals = await fixture.handoffs.arrived();
  expect(arrivals.filter(({ targetAgent }) => targetAgent === 'waiter')).toEqual([{ handoffId: fresh, targetAgent: 'waiter' }]);
});
