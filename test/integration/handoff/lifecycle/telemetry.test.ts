import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import type { HandoffServices } from '../../../../src/handoff/services.js';
import { lifecycleMetrics } from '../../../../src/telemetry/catalogue/lifecycle.js';
import { retentionMetrics } from '../../../../src/telemetry/catalogue/retention.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { Recording } from '../../../unit/telemetry/recording.js';

let fixture: HandoffFixture;
let recording: Recording;
let services: HandoffServices;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());
beforeEach(async () => {
  recording = new Recording();
  const { tracer, meter, log } = recording;
  services = createHandoffServices({ database: fixture.database, cache: fixture.cache, tracer, meter, log });
  await fixture.sql('TRUNCATE sessions, session_lifecycle CASCADE');
});
afterEach(() => recording.dispose());

async function dueSession(): Promise<string> {
  const { session } = await services.sessions.register({ sessionKey: 'k', agentFrom: 'a', metadata: {} });
  await fixture.sql(
    "UPDATE sessions SET last_activity_at = now() - interval '30 hours', expires_at = now() - interval '90 seconds', dormancy_check_at = '-infinity'",
  );
  return session.id;
}

/** Value of a counter or gauge, or count of a histogram, for each set of attributes. */
async function points(name: string): Promise<[Record<string, unknown>, number][]> {
  const metric = (await recording.metrics()).find(({ descriptor }) => descriptor.name === name);
  return (metric?.dataPoints ?? []).map(({ attributes, value }) => [
    attributes,
    typeof value === 'number' ? value : (value as { count: number }).count,
  ]);
}

it("a sweep is the root of a trace, linked to what started it and to the sessions' last traces; its events name its trace", async () => {
  const id = await dueSession();
  await recording.tracer.startActiveSpan('caller', async (caller) => {
    await services.lifecycle.sweeps.expired();
    caller.end();
  });
  const span = recording.spans.find(({ name }) => name === 'handoff.sweep.expire');
  const caller = recording.spans.find(({ name }) => name === 'caller');
  const registration = recording.spans.find(({ name }) => name === 'handoff.session.register');
  expect(span?.parentSpanContext).toBeUndefined();
  expect(span?.spanContext().traceId).not.toBe(caller?.spanContext().traceId);
  expect(span?.links.map(({ context: { traceId, spanId } }) => [traceId, spanId])).toEqual([
    [caller?.spanContext().traceId, caller?.spanContext().spanId],
    [registration?.spanContext().traceId, registration?.spanContext().spanId],
  ]);
  expect(span?.attributes).toMatchObject({
    'handoff.sweep.name': 'expire',
    'handoff.sweep.taken': 1,
    'handoff.sweep.changed': 1,
    'handoff.sweep.batches': 1,
  });
  expect(await fixture.sql("SELECT event_data FROM session_lifecycle WHERE session_id = $1 AND event_type = 'expired'", [id])).toEqual([
    { event_data: { cause: 'idle', traceparent: `00-${span?.spanContext().traceId}-${span?.spanContext().spanId}-01` } },
  ]);
});

it('the link leads to the latest of registration and handoff', async () => {
  await dueSession();
  await services.sessions.handOff({ sessionKey: 'k', targetAgent: 'b', requestType: 'full_handoff', requestData: {} });
  await fixture.sql("UPDATE sessions SET status = 'active', last_activity_at = now() - interval '30 hours'");
  await services.lifecycle.sweeps.expired();
  const ids = (name: string): (string | undefined)[] =>
    recording.spans.filter((span) => span.name === name).map((span) => span.spanContext().spanId);
  const [sweep] = recording.spans.filter(({ name }) => name === 'handoff.sweep.expire');
  expect(sweep?.links.map((link) => link.context.spanId)).toEqual(ids('handoff.session.handoff'));
});

const idle = (): Promise<unknown> =>
  fixture.sql(
    `UPDATE sessions SET is_dormant = false, last_activity_at = now() - interval '30 hours', dormancy_check_at = '-infinity',
       expires_at = now() - interval '90 seconds' WHERE status = 'active'`,
  );

it.each([
  [
    'handoff.request.accept',
    async () => {
      await services.sessions.handOff({ sessionKey: 'k', targetAgent: 'b', requestType: 'full_handoff', requestData: {} });
      await services.sessions.acceptHandoff({ sessionKey: 'k', agent: 'b' });
    },
  ],
  [
    'handoff.request.reject',
    async () => {
      await services.sessions.handOff({ sessionKey: 'k', targetAgent: 'b', requestType: 'context_transfer', requestData: {} });
      await services.sessions.rejectHandoff({ sessionKey: 'k', agent: 'b', answer: { reason: 'no' } });
    },
  ],
  [
    'handoff.request.complete',
    async () => {
      await services.sessions.handOff({ sessionKey: 'k', targetAgent: 'b', requestType: 'context_transfer', requestData: {} });
      await services.sessions.acceptHandoff({ sessionKey: 'k', agent: 'b' });
      await services.sessions.completeHandoff({ sessionKey: 'k', agent: 'b' });
    },
  ],
  [
    'handoff.context.append',
    async () => {
      await services.lifecycle.sweeps.dormant();
      await services.sessions.append({ sessionKey: 'k', contextType: 'message', content: 'x', metadata: {} });
    },
  ],
  [
    'handoff.session.reactivate',
    async (id: string) => {
      await services.lifecycle.sweeps.dormant();
      await services.lifecycle.reactivateSession(id);
    },
  ],
  [
    'handoff.archive.restore',
    async (id: string) => {
      await services.lifecycle.expireSession(id);
      await services.archive.archiveDue(1);
      await services.archive.restore(id, 'ann');
      await fixture.sql("UPDATE sessions SET status = 'active'");
    },
  ],
])('a sweep of an idle session is linked to what was last done with it: %s', async (operation, act) => {
  await act(await dueSession());
  await idle();
  await services.lifecycle.sweeps.dormant();
  await services.lifecycle.sweeps.expired();
  const [last] = recording.spans.filter(({ name }) => name === operation).map((span) => span.spanContext());
  expect(last?.spanId).toMatch(/^[0-9a-f]{16}$/);
  const links = recording.spans.filter(({ name }) => /^handoff\.sweep\.(?:dormant|expire)$/.test(name)).slice(-2);
  for (const { links: found } of links)
    expect(found.map(({ context: { traceId, spanId } }) => [traceId, spanId])).toEqual([[last?.traceId, last?.spanId]]);
});

it('a purge is linked to the last traces of what it deletes, also after policies of which nothing is due', async () => {
  await dueSession();
  await fixture.sql("UPDATE sessions SET status = 'expired', archived_at = now() - interval '31 days'");
  await fixture.sql(
    `INSERT INTO sessions (session_key, agent_from, status, archived_at, retention_policy)
     SELECT policy || n, 'a', 'expired', now() - interval '1 minute', policy FROM unnest(ARRAY['extended', 'short']) AS policy, generate_series(1, 2) AS n`,
  );
  await services.lifecycle.sweeps.purge();
  const [registration] = recording.spans.filter(({ name }) => name === 'handoff.session.register');
  const [purge] = recording.spans.filter(({ name }) => name === 'handoff.sweep.purge');
  expect(purge?.links.map(({ context: { spanId } }) => spanId)).toEqual([registration?.spanContext().spanId]);
});

it('counts transitions by state before and after, and who caused them', async () => {
  const id = await dueSession();
  await services.lifecycle.sweeps.dormant();
  await services.lifecycle.sweeps.expired();
  await services.lifecycle.expireSession(id);
  const { session } = await services.sessions.register({ sessionKey: 'other', agentFrom: 'a', metadata: {} });
  await services.lifecycle.expireSession(session.id);
  const attributes = (from: string, to: string, by: string): Record<string, string> => ({
    'handoff.session.state.from': from,
    'handoff.session.state.to': to,
    'handoff.transition.causer': by,
  });
  expect(await points(lifecycleMetrics.transitions.name)).toEqual([
    [attributes('none', 'active', 'agent'), 2],
    [attributes('active', 'dormant', 'sweep'), 1],
    [attributes('dormant', 'expired', 'sweep'), 1],
    [attributes('active', 'expired', 'operator'), 1],
  ]);
});

it('records how long a sweep took, what its batches took, and how far it is behind', async () => {
  await dueSession();
  await services.lifecycle.sweeps.expired({ maxBatches: 0 });
  await services.lifecycle.sweeps.expired();
  expect(await points(lifecycleMetrics.sweepDuration.name)).toEqual([[{ 'handoff.sweep.name': 'expire' }, 2]]);
  expect(await points(lifecycleMetrics.sweepBatch.name)).toEqual([[{ 'handoff.sweep.name': 'expire' }, 1]]);
  expect(await points(lifecycleMetrics.sweepLag.name)).toEqual([[{ 'handoff.sweep.name': 'expire' }, 0]]);
});

it('the lag is the age of what another transaction holds', async () => {
  await dueSession();
  const client = await fixture.database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT FROM sessions FOR UPDATE');
    await services.lifecycle.sweeps.expired();
    const [[, lagS] = []] = await points(lifecycleMetrics.sweepLag.name);
    expect(lagS).toBeGreaterThanOrEqual(90);
    expect(lagS).toBeLessThan(150);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});

it('every process looks for itself how long due sessions have waited, until it stops', async () => {
  await dueSession();
  const stopping = new AbortController();
  const watching = services.lifecycle.watchLag(stopping.signal);
  await expect.poll(() => points(lifecycleMetrics.sweepLag.name)).toHaveLength(2);
  stopping.abort();
  await watching;
  const lags = new Map((await points(lifecycleMetrics.sweepLag.name)).map(([attributes, lag]) => [attributes['handoff.sweep.name'], lag]));
  expect(lags.get('expire')).toBeGreaterThanOrEqual(90);
  expect(lags.get('expire')).toBeLessThan(150);
  // It was never looked at, so that it is due since it was last used.
  expect(lags.get('dormant')).toBeGreaterThanOrEqual(30 * 3600);
  expect(recording.spans.filter(({ name }) => name.startsWith('handoff.sweep'))).toEqual([]);
});

it('counts problems, and says what ended a sweep that failed', async () => {
  await dueSession();
  await fixture.sql("UPDATE sessions SET status = 'odd'");
  await services.lifecycle.sweeps.integrity();
  expect(await points(lifecycleMetrics.problems.name)).toEqual([[{ 'handoff.session.problem': 'unknown_status' }, 1]]);
  await fixture.sql('ALTER TABLE sessions RENAME TO elsewhere');
  await expect(services.lifecycle.sweeps.expired()).rejects.toMatchObject({ code: '42P01' });
  await fixture.sql('ALTER TABLE elsewhere RENAME TO sessions');
  expect((await points(lifecycleMetrics.sweepDuration.name)).map(([attributes]) => attributes)).toContainEqual({
    'handoff.sweep.name': 'expire',
    'error.type': '42P01',
  });
});

it('every process measures the storage from its start on, also one that runs no jobs, until it stops', async () => {
  const { tracer, meter, log } = recording;
  const { start, stop } = createHandoffServices({
    database: fixture.database,
    cache: fixture.cache,
    tracer,
    meter,
    log,
    storageLimitBytes: 5e9,
    jobs: { enabled: false },
  });
  start();
  await expect.poll(() => points(retentionMetrics.storageLimit.name)).toEqual([[{}, 5e9]]);
  const sizes = new Map(
    (await points(retentionMetrics.storageSize.name)).map(([attributes, bytes]) => [attributes['handoff.storage.part'], bytes]),
  );
  expect(sizes.get('sessions')).toBeGreaterThan(0);
  await stop();
});
