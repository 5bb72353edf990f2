import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call } from '../../../unit/handoff/server/fakeSessions.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** The tools for operators, through a client that checks answers against their schemas. */

let fixture: HandoffFixture;
let client: Client;
beforeAll(async () => {
  fixture = await handoffFixture({ adminTools: true });
  client = await fixture.connect();
  await client.listTools();
  for (const sessionKey of ['k', 'held']) await fixture.sessions.register({ sessionKey, agentFrom: 'a', metadata: {} });
});
afterAll(() => fixture.dispose());

it('are offered after the others, each with an icon and a warning where it takes something away', async () => {
  const { tools } = await client.listTools();
  expect(tools.slice(12).map(({ name, annotations }) => [name, annotations?.readOnlyHint, annotations?.destructiveHint])).toEqual([
    ['list_retention_policies', true, false],
    ['update_retention_policy', false, true],
    ['assign_retention_policy', false, true],
    ['hold_session', false, false],
    ['release_session', false, true],
    ['erase_session', false, true],
    ['get_storage_report', true, false],
  ]);
});

it('list and change policies, and say what cannot be used', async () => {
  const policy = { name: 'audit', activeSessionTtl: 48, archivedSessionTtl: 400, logRetentionDays: 90, metricsRetentionDays: 90 };
  expect(await call(client, 'update_retention_policy', { ...policy, actor: 'ann' })).toMatchObject({
    isError: false,
    body: { message: 'Retention policy created', policy: { ...policy, dormantThresholdHours: 4, updatedBy: 'ann' }, sessionsChanged: 0 },
  });
  expect(await call(client, 'update_retention_policy', { name: 'audit', logRetentionDays: 91, actor: 'ann' })).toMatchObject({
    body: { policy: { ...policy, logRetentionDays: 91 } },
  });
  expect(await call(client, 'update_retention_policy', { name: 'new', logRetentionDays: 91, actor: 'ann' })).toMatchObject({
    isError: true,
    body: { problems: [{ path: 'activeSessionTtl' }, { path: 'archivedSessionTtl' }, { path: 'metricsRetentionDays' }] },
  });
  await fixture.retention.addRule({ policy: 'audit', metadata: { regulated: true } }, 'ann');
  const { body } = await call(client, 'list_retention_policies', {});
  expect((body['policies'] as { name: string }[]).map(({ name }) => name)).toEqual(['audit', 'extended', 'short', 'standard']);
  expect(body['rules']).toMatchObject([{ policy: 'audit', metadata: { regulated: true } }]);
  expect(await call(client, 'update_retention_policy', { ...policy, dormantThresholdHours: 50, actor: 'ann' })).toMatchObject({
    isError: true,
    body: {
      error: 'Invalid input',
      problems: [{ path: 'dormantThresholdHours', problem: expect.stringContaining('longer than activeSessionTtl') }],
    },
  });
  expect(await call(client, 'update_retention_policy', { ...policy, activeSessionTtl: -1 })).toMatchObject({
    body: { problems: [{ path: 'activeSessionTtl' }, { path: 'actor', problem: 'is missing' }] },
  });
});

it('assign a policy', async () => {
  expect(await call(client, 'assign_retention_policy', { sessionKey: 'k', policy: 'extended', actor: 'ann' })).toMatchObject({
    isError: false,
    body: { sessionKey: 'k', formerPolicy: 'standard', policy: 'extended', changed: true },
  });
  expect(await call(client, 'assign_retention_policy', { sessionKey: 'k', policy: 'none', actor: 'ann' })).toMatchObject({
    isError: true,
    body: {
      error: 'Invalid input',
      problems: [{ path: 'policy', allowed: expect.stringMatching(/^one of .*extended, short, standard$/) }],
    },
  });
});

it('hold, refuse to erase, release and erase', async () => {
  const on = { sessionKey: 'held', actor: 'ann' };
  expect(await call(client, 'hold_session', { ...on, reason: 'case 7' })).toMatchObject({ isError: false, body: { changed: true } });
  expect(await call(client, 'erase_session', on)).toMatchObject({
    isError: true,
    body: { error: 'Session is on legal hold', sessionKey: 'held', heldSince: expect.stringMatching(/^2/) },
  });
  expect(await call(client, 'release_session', on)).toMatchObject({ isError: false, body: { changed: true } });
  expect(await call(client, 'erase_session', on)).toMatchObject({
    isError: false,
    body: { message: 'Session erased', deleted: { contextEntries: 1 } },
  });
  for (const tool of ['erase_session', 'release_session'])
    expect(await call(client, tool, on)).toMatchObject({ isError: true, body: { error: 'Session not found', sessionKey: 'held' } });
});

it('measure the storage', async () => {
  const { isError, body } = await call(client, 'get_storage_report', {});
  expect([isError, body['nearLimit'], body['limitBytes']]).toEqual([false, false, null]);
  expect(body['totalBytes']).toBeGreaterThan(1_000_000);
});
