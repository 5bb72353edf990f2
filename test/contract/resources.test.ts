import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffFixture } from '../setup/handoffFixture.js';
import type { HandoffFixture } from '../setup/handoffFixture.js';

/** What clients bind to: addresses, and the names and order of the fields as they come from a real database. */

let fixture: HandoffFixture;
let client: Client;
beforeAll(async () => {
  fixture = await handoffFixture();
  client = await fixture.connect();
  for (const key of ['one', 'two'])
    await client.callTool({ name: 'register_session', arguments: { sessionKey: key, agentFrom: 'planner', metadata: { ticket: 7 } } });
  await client.callTool({ name: 'update_context', arguments: { sessionKey: 'one', contextType: 'message', content: 'hello' } });
  await client.callTool({ name: 'request_handoff', arguments: { sessionKey: 'one', targetAgent: 'builder' } });
});
afterAll(() => fixture.dispose());

async function read(uri: string): Promise<{ body: unknown; meta: unknown }> {
  const { contents } = await client.readResource({ uri });
  const [content] = contents as { uri: string; mimeType: string; text: string; _meta?: unknown }[];
  expect(content).toMatchObject({ uri, mimeType: 'application/json' });
  return { body: JSON.parse(content?.text ?? 'null'), meta: content?._meta };
}

const SESSION = [
  'id',
  'sessionKey',
  'agentFrom',
  'agentTo',
  'status',
  'createdAt',
  'updatedAt',
  'expiresAt',
  'metadata',
  'lastActivityAt',
  'isDormant',
  'archivedAt',
  'retentionPolicy',
];
const ENTRY = [
  'id',
  'sessionId',
  'sequenceNumber',
  'contextType',
  'content',
  'metadata',
  'createdAt',
  'processingTimeMs',
  'contentSizeBytes',
];
const SUMMARY = ['sessionKey', 'summary', 'keyPoints', 'messageCount', 'fileCount', 'toolCallCount', 'lastUpdated', 'participants'];
const HANDOFF = [
  'handoffId',
  'sessionKey',
  'requestingAgent',
  'targetAgent',
  'requestType',
  'status',
  'createdAt',
  'deliveredAt',
  'answeredAt',
  'completedAt',
];
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

it('are listed: three plain, seven templates', async () => {
  expect((await client.listResources()).resources.map(({ uri, name, mimeType }) => [uri, name, mimeType])).toEqual([
    ['handoff://sessions', 'sessions', 'application/json'],
    ['handoff://health', 'health', 'application/json'],
    ['handoff://metrics', 'metrics', 'application/json'],
  ]);
  const { resourceTemplates } = await client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate, name, mimeType }) => [uriTemplate, name, mimeType])).toEqual([
    ['handoff://sessions{?status,agent,dormant,limit,cursor}', 'sessions-filtered', 'application/json'],
    ['handoff://context/{sessionKey}{?after,limit,type,part,entry,offset}', 'context', 'application/json'],
    ['handoff://summary/{sessionKey}', 'summary', 'application/json'],
    ['handoff://lifecycle/{sessionKey}{?limit,cursor}', 'lifecycle', 'application/json'],
    ['handoff://handoffs/{agentId}{?status,requestType,limit,cursor}', 'inbox', 'application/json'],
    ['handoff://analytics/{type}{?from,to,timeZone,granularity,groupBy,maxGroups}', 'analytics', 'application/json'],
    ['handoff://agents/{agentId}/sessions{?status,dormant,limit,cursor}', 'agent-sessions', 'application/json'],
  ]);
  for (const { description } of resourceTemplates) expect(description).toMatch(/^[A-Z].{30,}\.$/);
});

it('handoff://context/{sessionKey} has these fields', async () => {
  const { body } = (await read('handoff://context/one')) as {
    body: { session: Record<string, unknown>; contextHistory: Record<string, unknown>[]; summary: Record<string, unknown> };
  };
  expect(Object.keys(body)).toEqual(['session', 'contextHistory', 'summary']);
  expect(Object.keys(body.session)).toEqual(SESSION);
  expect(body.session).toMatchObject({
    id: expect.stringMatching(ID),
    sessionKey: 'one',
    agentFrom: 'planner',
    agentTo: 'builder',
    status: 'active',
    createdAt: expect.stringMatching(TIME),
    updatedAt: expect.stringMatching(TIME),
    expiresAt: expect.stringMatching(TIME),
    lastActivityAt: expect.stringMatching(TIME),
    isDormant: false,
    archivedAt: null,
    retentionPolicy: 'standard',
  });
  expect(body.contextHistory.map((entry) => Object.keys(entry))).toEqual([ENTRY, ENTRY, ENTRY]);
  expect(body.contextHistory[1]).toMatchObject({
    id: expect.stringMatching(ID),
    sessionId: body.session['id'],
    sequenceNumber: 2,
    contextType: 'message',
    content: 'hello',
    metadata: { timestamp: expect.stringMatching(TIME) },
    createdAt: expect.stringMatching(TIME),
    processingTimeMs: expect.any(Number),
    contentSizeBytes: 5,
  });
  expect(Object.keys(body.summary)).toEqual(SUMMARY);
});

it('handoff://summary/{sessionKey} has these fields', async () => {
  const { body } = await read('handoff://summary/one');
  expect(Object.keys(body as object)).toEqual(SUMMARY);
  expect(body).toMatchObject({
    sessionKey: 'one',
    summary:
      "Session 'one' initiated by planner with handoff requested to builder. Total of 3 context entries. Current status: active. Context includes: 1 messages, 2 system events.",
    keyPoints: ['System: session_registered', 'System: handoff_requested', '1 messages exchanged', 'First message: hello...'],
    messageCount: 1,
    fileCount: 0,
    toolCallCount: 0,
    lastUpdated: expect.stringMatching(TIME),
    participants: ['planner', 'builder'],
  });
});

it("handoff://sessions pages with nextCursor in the body, the agent's list beside it", async () => {
  const first = (await read('handoff://sessions?limit=1')) as { body: { sessions: Record<string, unknown>[]; nextCursor: string } };
  expect(Object.keys(first.body)).toEqual(['sessions', 'nextCursor']);
  expect(first.body.sessions.map((session) => Object.keys(session))).toEqual([SESSION]);
  expect(first.body.sessions[0]).toMatchObject({ sessionKey: 'two' });
  const second = await read(`handoff://sessions?limit=1&cursor=${first.body.nextCursor}`);
  expect(second.body).toEqual({ sessions: [expect.objectContaining({ sessionKey: 'one' })] });

  const ofAgent = await read('handoff://agents/planner/sessions?limit=1');
  expect(ofAgent.body).toEqual([expect.objectContaining({ sessionKey: 'two' })]);
  expect(ofAgent.meta).toEqual({ nextCursor: first.body.nextCursor });
  expect(await read('handoff://agents/builder/sessions')).toEqual({
    body: [expect.objectContaining({ sessionKey: 'one', agentTo: 'builder' })],
    meta: undefined,
  });
});

it('handoff://handoffs/{agentId} is the inbox of an agent, with these fields', async () => {
  const { body } = (await read('handoff://handoffs/builder')) as { body: { handoffs: Record<string, unknown>[] } };
  expect(Object.keys(body)).toEqual(['handoffs']);
  expect(body.handoffs.map((handoff) => Object.keys(handoff))).toEqual([[...HANDOFF, 'answer', 'sessionStatus', 'requestData']]);
  expect(body.handoffs[0]).toMatchObject({
    handoffId: expect.stringMatching(ID),
    sessionKey: 'one',
    requestingAgent: 'planner',
    targetAgent: 'builder',
    requestType: 'context_transfer',
    status: 'pending',
    createdAt: expect.stringMatching(TIME),
    deliveredAt: expect.stringMatching(TIME),
    answeredAt: null,
    completedAt: null,
    answer: null,
    sessionStatus: 'active',
    requestData: {},
  });
  expect((await read('handoff://handoffs/builder?status=accepted')).body).toEqual({ handoffs: [] });
  await expect(client.readResource({ uri: 'handoff://handoffs/builder?status=open' })).rejects.toMatchObject({ code: -32602 });
});

it('handoff://lifecycle/{sessionKey} has these fields, and pages through the events', async () => {
  const { body } = (await read('handoff://lifecycle/one')) as { body: Record<string, unknown> & { handoffs: object[]; events: object[] } };
  expect(Object.keys(body)).toEqual([
    'sessionKey',
    'sessionId',
    'state',
    'agentFrom',
    'agentTo',
    'times',
    'policy',
    'hold',
    'archive',
    'handoffs',
    'events',
  ]);
  expect(body).toMatchObject({
    sessionKey: 'one',
    sessionId: expect.stringMatching(ID),
    state: 'active',
    agentFrom: 'planner',
    agentTo: 'builder',
    times: {
      registeredAt: expect.stringMatching(TIME),
      lastActivityAt: expect.stringMatching(TIME),
      expiresAt: expect.stringMatching(TIME),
      archivedAt: null,
      purgeAfter: null,
    },
    policy: { name: 'standard', activeSessionTtlHours: 24, archivedSessionTtlDays: 30, dormantThresholdHours: 2 },
    hold: null,
    archive: null,
  });
  expect(body.handoffs).toEqual([
    {
      handoffId: expect.stringMatching(ID),
      requestingAgent: 'planner',
      targetAgent: 'builder',
      requestType: 'context_transfer',
      status: 'pending',
      createdAt: expect.stringMatching(TIME),
      deliveredAt: expect.stringMatching(TIME),
      answeredAt: null,
      completedAt: null,
    },
  ]);
  expect(body.events.map((event) => Object.keys(event))).toEqual(Array<string[]>(2).fill(['id', 'eventType', 'eventData', 'createdAt']));

  const first = (await read('handoff://lifecycle/one?limit=1')) as { body: { events: object[]; nextCursor: string } };
  const second = (await read(`handoff://lifecycle/one?limit=1&cursor=${first.body.nextCursor}`)) as { body: { events: object[] } };
  expect([...first.body.events, ...second.body.events]).toEqual(body.events);
  expect(second.body).not.toHaveProperty('nextCursor');
  await expect(client.readResource({ uri: 'handoff://lifecycle/one?cursor=x' })).rejects.toMatchObject({ code: -32602 });
});

it('an unknown session is a resource-not-found error naming it', async () => {
  for (const uri of ['handoff://context/nobody', 'handoff://summary/nobody', 'handoff://lifecycle/nobody']) {
    await expect(client.readResource({ uri })).rejects.toMatchObject({
      code: -32602,
      data: { uri },
      message: expect.stringContaining('Session not found: nobody.'),
    });
  }
});
