import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handoffFixture } from '../setup/handoffFixture.js';
import type { HandoffFixture } from '../setup/handoffFixture.js';

/** What each tool leaves in the database (handoff contract 1.4), column by column, and how few statements it takes. */

let fixture: HandoffFixture;
let client: Client;
beforeAll(async () => {
  fixture = await handoffFixture();
  client = await fixture.connect();
});
afterAll(() => fixture.dispose());

async function call(name: string, args: Record<string, unknown>): Promise<string[]> {
  fixture.sent.length = 0;
  const result = await client.callTool({ name, arguments: args });
  expect(result.isError).not.toBe(true);
  return [...fixture.sent];
}

const session = async (key: string): Promise<Record<string, unknown> | undefined> =>
  (await fixture.sql<Record<string, unknown>>('SELECT * FROM sessions WHERE session_key = $1', [key]))[0];
const entries = (key: string): Promise<Record<string, unknown>[]> =>
  fixture.sql('SELECT h.* FROM context_history h JOIN sessions s ON s.id = h.session_id WHERE session_key = $1 ORDER BY sequence_number', [
    key,
  ]);
const events = (key: string): Promise<{ event_type: string; event_data: Record<string, unknown> }[]> =>
  fixture.sql(
    'SELECT event_type, event_data FROM session_lifecycle l JOIN sessions s ON s.id = l.session_id WHERE session_key = $1 ORDER BY event_type',
    [key],
  );
const requests = (key: string): Promise<Record<string, unknown>[]> =>
  fixture.sql('SELECT r.* FROM handoff_requests r JOIN sessions s ON s.id = r.session_id WHERE session_key = $1 ORDER BY r.created_at', [
    key,
  ]);

describe('register_session', () => {
  it('stores session, two lifecycle events and entry 1 with one statement', async () => {
    expect(await call('register_session', { sessionKey: 'reg', agentFrom: 'planner', metadata: { ticket: 7, action: 'mine' } })).toEqual([
      'handoff_insert_session',
    ]);
    const row = await session('reg');
    expect(row).toMatchObject({
      session_key: 'reg',
      agent_from: 'planner',
      agent_to: null,
      status: 'active',
      metadata: { ticket: 7, action: 'mine' },
      is_dormant: false,
      archived_at: null,
      retention_policy: 'standard',
      last_sequence_number: 1,
    });
    expect(Number(row?.['expires_at']) - Number(row?.['created_at'])).toBe(24 * 3_600_000);
    expect(await entries('reg')).toMatchObject([
      {
        sequence_number: 1,
        context_type: 'system',
        content: 'Session registered by agent: planner',
        // The reserved key wins over the caller's: readers tell system entries by it.
        metadata: { ticket: 7, action: 'session_registered', callerMetadata: { action: 'mine' } },
        content_size_bytes: 36,
        processing_time_ms: expect.any(Number),
      },
    ]);
    const [created, scheduled, ...others] = await events('reg');
    expect(others).toEqual([]);
    expect(created).toEqual({ event_type: 'created', event_data: { agent_from: 'planner' } });
    expect(scheduled).toMatchObject({ event_type: 'expiration_scheduled', event_data: { retention_policy: 'standard', ttl_hours: 24 } });
    expect(new Date(String(scheduled?.event_data['expires_at'])).getTime()).toBe(Number(row?.['expires_at']));
  });
});

describe('update_context', () => {
  it('stores the entry and the activity with one statement', async () => {
    await call('register_session', { sessionKey: 'upd', agentFrom: 'planner' });
    await fixture.sql("UPDATE sessions SET last_activity_at = now() - interval '1 hour' WHERE session_key = 'upd'");
    const before = Date.now();
    expect(
      await call('update_context', { sessionKey: 'upd', contextType: 'file', content: 'grüße 😀', metadata: { fileType: 'ts' } }),
    ).toEqual(['handoff_insert_entry']);
    const [, entry] = await entries('upd');
    expect(entry).toMatchObject({
      sequence_number: 2,
      context_type: 'file',
      content: 'grüße 😀',
      content_size_bytes: 12,
      metadata: { fileType: 'ts' },
    });
    const { timestamp } = entry?.['metadata'] as { timestamp: string };
    expect(new Date(timestamp).getTime()).toBeGreaterThanOrEqual(before);
    expect(new Date(timestamp).toISOString()).toBe(timestamp);
    const row = await session('upd');
    expect(row).toMatchObject({ status: 'active', last_sequence_number: 2, is_dormant: false });
    expect(Number(row?.['last_activity_at'])).toBeGreaterThan(before - 60_000);
    expect((await events('upd')).map(({ event_type }) => event_type)).toEqual(['created', 'expiration_scheduled']);
  });

  it("keeps the caller's keys, also one that is ours, and the agent that wrote the entry", async () => {
    await call('register_session', { sessionKey: 'signed', agentFrom: 'planner' });
    await call('update_context', {
      sessionKey: 'signed',
      contextType: 'message',
      content: 'x',
      agent: 'builder',
      metadata: { timestamp: 'last Tuesday', agent: { team: 7 } },
    });
    const [, entry] = await entries('signed');
    expect(entry).toMatchObject({ agent: 'builder', metadata: { timestamp: 'last Tuesday', agent: { team: 7 } } });
  });

  it('wakes a dormant session with one event, in the same statement', async () => {
    await call('register_session', { sessionKey: 'dormant', agentFrom: 'planner' });
    await fixture.sql("UPDATE sessions SET is_dormant = true WHERE session_key = 'dormant'");
    expect(await call('update_context', { sessionKey: 'dormant', contextType: 'message', content: 'x' })).toEqual(['handoff_insert_entry']);
    expect(await session('dormant')).toMatchObject({ is_dormant: false });
    expect((await events('dormant')).filter(({ event_type }) => event_type === 'reactivated')).toEqual([
      { event_type: 'reactivated', event_data: { cause: 'context_added' } },
    ]);
  });
});

describe('request_handoff', () => {
  it.each(['context_transfer', 'collaboration'] as const)(
    '%s stores agent, request and system entry with two statements, and leaves the session active',
    async (requestType) => {
      const key = `ho-${requestType}`;
      await call('register_session', { sessionKey: key, agentFrom: 'planner', metadata: { ticket: 7 } });
      const data = { why: 'night', action: 'mine', targetAgent: 'mine' };
      expect(await call('request_handoff', { sessionKey: key, targetAgent: 'builder', requestType, requestData: data })).toEqual([
        'handoff_read_handoff_state',
        'handoff_write_handoff',
      ]);
      const row = await session(key);
      expect(row).toMatchObject({
        agent_from: 'planner',
        agent_to: 'builder',
        status: 'active',
        last_sequence_number: 2,
        metadata: { ticket: 7, requestType, targetAgent: 'builder' },
      });
      const { lastHandoffRequest } = row?.['metadata'] as { lastHandoffRequest: string };
      expect(new Date(lastHandoffRequest).toISOString()).toBe(lastHandoffRequest);
      const [, entry, ...others] = await entries(key);
      expect(others).toEqual([]);
      expect(entry).toMatchObject({
        sequence_number: 2,
        context_type: 'system',
        content: 'Handoff requested to agent: builder',
        content_size_bytes: 35,
        metadata: {
          why: 'night',
          action: 'handoff_requested',
          requestType,
          targetAgent: 'builder',
          contextSummary: `Session '${key}' initiated by planner. Total of 1 context entries. Current status: active. Context includes: 1 system events.`,
          totalContextEntries: 1,
          callerMetadata: { action: 'mine', targetAgent: 'mine' },
        },
      });
      expect(await requests(key)).toMatchObject([
        {
          requesting_agent: 'planner',
          target_agent: 'builder',
          request_type: requestType,
          request_data: data,
          status: 'pending',
          delivered_at: expect.any(Date),
          answered_at: null,
          completed_at: null,
        },
      ]);
      expect((await events(key)).map(({ event_type }) => event_type)).toEqual(['created', 'expiration_scheduled']);
    },
  );

  it("keeps the session's own metadata under the names a handoff writes, through every handoff", async () => {
    const mine = { requestType: 'mine', callerMetadata: 'mine too', ticket: 7 };
    await call('register_session', { sessionKey: 'kept', agentFrom: 'planner', metadata: mine });
    for (const targetAgent of ['builder', 'tester']) {
      await call('request_handoff', { sessionKey: 'kept', targetAgent, requestType: 'collaboration' });
      expect((await session('kept'))?.['metadata']).toEqual({
        ticket: 7,
        requestType: 'collaboration',
        targetAgent,
        lastHandoffRequest: expect.any(String),
        callerMetadata: { requestType: 'mine', callerMetadata: 'mine too' },
      });
    }
  });

  it('full_handoff also completes the session, with one status_changed event; its request waits for an answer', async () => {
    await call('register_session', { sessionKey: 'full', agentFrom: 'planner' });
    expect(await call('request_handoff', { sessionKey: 'full', targetAgent: 'builder', requestType: 'full_handoff' })).toHaveLength(2);
    expect(await session('full')).toMatchObject({ status: 'completed', agent_to: 'builder' });
    expect(await requests('full')).toMatchObject([
      { request_type: 'full_handoff', status: 'pending', delivered_at: expect.any(Date), answered_at: null, completed_at: null },
    ]);
    expect((await events('full')).filter(({ event_type }) => event_type === 'status_changed')).toEqual([
      { event_type: 'status_changed', event_data: { from: 'active', to: 'completed' } },
    ]);
  });
});

it.each([
  ['register_session', { sessionKey: 'full', agentFrom: 'other' }, 1, 'Session already exists'],
  ['update_context', { sessionKey: 'full', contextType: 'message', content: 'x' }, 1, 'Session is not active'],
  ['update_context', { sessionKey: 'nobody', contextType: 'message', content: 'x' }, 1, 'Session not found'],
  ['request_handoff', { sessionKey: 'full', targetAgent: 'x' }, 1, 'Session is not active'],
  ['request_handoff', { sessionKey: 'nobody', targetAgent: 'x' }, 1, 'Session not found'],
  ['request_handoff', { sessionKey: '', targetAgent: 'x' }, 0, 'Invalid input'],
])('%s %j, refused, takes %d statement and answers %j', async (name, args, statements, error) => {
  fixture.sent.length = 0;
  const result = await client.callTool({ name, arguments: args });
  expect(fixture.sent).toHaveLength(statements);
  expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining(`"error": "${error}"`) }] });
});
