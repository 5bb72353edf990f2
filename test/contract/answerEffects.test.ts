import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handoffFixture } from '../setup/handoffFixture.js';
import type { HandoffFixture } from '../setup/handoffFixture.js';

/** What the answers to a handoff leave in the database, and how few statements they take. */

let fixture: HandoffFixture;
let client: Client;
beforeAll(async () => {
  fixture = await handoffFixture();
  client = await fixture.connect();
});
afterAll(() => fixture.dispose());

async function call(name: string, args: Record<string, unknown>): Promise<string[]> {
  fixture.sent.length = 0;
  expect((await client.callTool({ name, arguments: args })).isError).not.toBe(true);
  return [...fixture.sent];
}

const events = (key: string): Promise<{ event_type: string }[]> =>
  fixture.sql(
    'SELECT event_type FROM session_lifecycle l JOIN sessions s ON s.id = l.session_id WHERE session_key = $1 ORDER BY event_type',
    [key],
  );
const requests = (key: string): Promise<Record<string, unknown>[]> =>
  fixture.sql('SELECT r.* FROM handoff_requests r JOIN sessions s ON s.id = r.session_id WHERE session_key = $1 ORDER BY r.created_at', [
    key,
  ]);

describe('accept_handoff, reject_handoff and complete_handoff', () => {
  it('store the answer, their events and the use of the inbox with one statement each', async () => {
    await call('register_session', { sessionKey: 'answered', agentFrom: 'planner' });
    await call('request_handoff', { sessionKey: 'answered', targetAgent: 'reviewer', requestType: 'full_handoff' });
    const target = { sessionKey: 'answered', agent: 'reviewer' };
    expect(await call('accept_handoff', target)).toEqual(['handoff_accept_handoff']);
    expect(await requests('answered')).toMatchObject([
      { status: 'accepted', answered_by: 'reviewer', answered_at: expect.any(Date), completed_at: null, answer: null },
    ]);
    expect((await fixture.sql("SELECT * FROM sessions WHERE session_key = 'answered'"))[0]).toMatchObject({
      status: 'active',
      agent_to: 'reviewer',
      last_sequence_number: 2,
    });
    expect(await call('complete_handoff', { ...target, result: { ok: true } })).toEqual(['handoff_complete_handoff']);
    expect(await requests('answered')).toMatchObject([{ status: 'completed', completed_at: expect.any(Date), answer: { ok: true } }]);

    await call('request_handoff', { sessionKey: 'answered', targetAgent: 'reviewer' });
    expect(await call('reject_handoff', { ...target, reason: 'enough' })).toEqual(['handoff_reject_handoff']);
    expect((await requests('answered'))[1]).toMatchObject({
      requesting_agent: 'reviewer',
      status: 'rejected',
      answered_by: 'reviewer',
      completed_at: expect.any(Date),
      answer: { reason: 'enough' },
    });
    expect((await events('answered')).map(({ event_type }) => event_type)).toEqual([
      'created',
      'expiration_scheduled',
      'handoff_accepted',
      'handoff_completed',
      'handoff_rejected',
      'status_changed',
      'status_changed',
    ]);
    expect(await fixture.sql("SELECT agent FROM inbox_agents WHERE agent = 'reviewer'")).toHaveLength(1);
  });
});

it('list_handoffs takes one statement and notes the use of the inbox, if anything was ever handed to the agent', async () => {
  const noted = () => fixture.sql("SELECT agent FROM inbox_agents WHERE agent = 'curious'");
  expect(await call('list_handoffs', { agent: 'curious' })).toEqual(['handoff_list_handoffs']);
  expect(await noted()).toEqual([]);
  await call('register_session', { sessionKey: 'for the curious', agentFrom: 'planner' });
  await call('request_handoff', { sessionKey: 'for the curious', targetAgent: 'curious' });
  await call('list_handoffs', { agent: 'curious' });
  expect(await noted()).toHaveLength(1);
});

it.each([
  ['accept_handoff', { sessionKey: 'nobody', agent: 'x' }, 1, 'Session not found'],
  ['accept_handoff', { sessionKey: 'answered', agent: 'x', handoffId: 'not an id' }, 0, 'Invalid input'],
  ['list_handoffs', { agent: 'x', cursor: 'not a cursor' }, 0, 'Invalid input'],
])('%s %j, refused, takes %d statement and answers %j', async (name, args, statements, error) => {
  fixture.sent.length = 0;
  const result = await client.callTool({ name, arguments: args });
  expect(fixture.sent).toHaveLength(statements);
  expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining(`"error": "${error}"`) }] });
});
