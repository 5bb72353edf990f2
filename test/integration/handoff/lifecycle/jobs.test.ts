import { metrics, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createLifecycle } from '../../../../src/handoff/lifecycle/lifecycle.js';
import type { Lifecycle } from '../../../../src/handoff/lifecycle/lifecycle.js';
import { lifecycleLimits } from '../../../../src/telemetry/catalogue/objectives.js';
import { createObserve } from '../../../../src/telemetry/observe.js';
import { systemClock } from '../../../../src/time/clock.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

const HOUR_MS = 3_600_000;
const { signal } = new AbortController();

let fixture: HandoffFixture;
let lifecycle: Lifecycle<never>;
let calls: string[];
beforeAll(async () => {
  fixture = await handoffFixture();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const meter = metrics.getMeter('test');
  let waiting = 1200;
  lifecycle = createLifecycle<never>({
    database: fixture.database,
    cache: fixture.cache,
    observe: createObserve({ tracer: trace.getTracer('test'), meter, log, clock: systemClock }),
    clock: systemClock,
    meter,
    archive: {
      archive: async () => undefined,
      archiveDue: async (limit) => {
        const rows = await fixture.sql(
          `UPDATE sessions SET archived_at = now(), is_dormant = true WHERE id IN (SELECT id FROM sessions
             WHERE status <> 'active' AND archived_at IS NULL AND expires_at <= now() LIMIT $1) RETURNING id`,
          [limit],
        );
        return { archived: rows.length, failed: 0, hasMore: rows.length === limit };
      },
      sweepLeftovers: async () => calls.push('leftovers'),
      forget: () => undefined,
    },
    retention: { updatePolicy: async () => undefined, maintain: async () => calls.push('partitions') },
    onPurged: (policy, sessions) => calls.push(`${policy} ${sessions}`),
    timeOutHandoffs: async (limit) => {
      const done = Math.min(limit, waiting);
      waiting -= done;
      return done;
    },
  });
});
afterAll(() => fixture.dispose());
beforeEach(async () => {
  calls = [];
  await fixture.sql('TRUNCATE sessions, session_lifecycle CASCADE');
});

const job = (name: string) => {
  const found = lifecycle.jobs.find((each) => each.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

it('has the four jobs of the contract with its intervals and retries', () => {
  expect(lifecycle.jobs.map(({ name, defaults }) => [name, defaults])).toEqual([
    ['session-cleanup', { intervalMs: HOUR_MS, maxRetries: 3, retryDelayMs: 300_000 }],
    ['dormant-detection', { intervalMs: HOUR_MS / 2, maxRetries: 3, retryDelayMs: 120_000 }],
    ['retention-enforcement', { intervalMs: 24 * HOUR_MS, maxRetries: 5, retryDelayMs: 600_000 }],
    ['cache-optimization', { intervalMs: 2 * HOUR_MS, maxRetries: 2, retryDelayMs: 900_000 }],
  ]);
  // Alerts judge by these.
  expect(Object.fromEntries(lifecycle.jobs.map(({ name, defaults }) => [name, defaults.intervalMs / 1000]))).toEqual(
    lifecycleLimits.jobIntervalsS,
  );
  for (const { description } of lifecycle.jobs) expect(description).toMatch(/^[A-Z].{20,}\.$/);
});

/** Three that are over, one that is abandoned, one that is idle, two that were archived long ago. */
async function mixture(): Promise<void> {
  await fixture.sql(
    `INSERT INTO sessions (session_key, agent_from, created_at, last_activity_at, expires_at, ttl_hours, status, archived_at)
     SELECT 'k' || n, 'a', now() - interval '40 days',
       now() - CASE WHEN n = 5 THEN interval '3 hours' ELSE interval '30 days' END,
       CASE WHEN n IN (4, 5) THEN now() + interval '60 days' ELSE now() - interval '1 hour' END,
       CASE WHEN n IN (4, 5) THEN 2400 ELSE 24 END,
       CASE WHEN n > 5 THEN 'completed' ELSE 'active' END,
       CASE WHEN n > 5 THEN now() - interval '35 days' END
     FROM generate_series(1, 7) AS n`,
  );
}

it('session-cleanup does all of its work at once and counts it', async () => {
  await mixture();
  expect(await job('session-cleanup').run({ signal })).toEqual({
    cleanedSessions: 3 + 1 + 4 + 2,
    stats: {
      expiredSessions: 3,
      archivedSessions: 4,
      orphanedSessions: 1,
      deletedSessions: 2,
      failedArchives: 0,
      timedOutHandoffs: 1200,
      corruptSessions: 0,
    },
  });
  expect(calls).toEqual(['leftovers', 'standard 2', 'leftovers']);
  expect(await job('session-cleanup').run({ signal })).toMatchObject({ cleanedSessions: 0, stats: { timedOutHandoffs: 0 } });
});

it('dormant-detection counts what it found', async () => {
  await mixture();
  expect(await job('dormant-detection').run({ signal })).toEqual({ dormantSessionsDetected: 5 });
});

it('retention-enforcement archives, deletes and keeps the partitions', async () => {
  await mixture();
  expect(await job('retention-enforcement').run({ signal })).toEqual({ archivedSessions: 0, deletedSessions: 2, processedPolicies: 1 });
  expect(calls).toEqual(['standard 2', 'leftovers', 'partitions']);
});

it('a job that is told to stop before it begins does nothing', async () => {
  await mixture();
  const stopped = { signal: AbortSignal.abort() };
  expect(await job('session-cleanup').run(stopped)).toMatchObject({ cleanedSessions: 0 });
  expect(await job('retention-enforcement').run(stopped)).toEqual({ archivedSessions: 0, deletedSessions: 0, processedPolicies: 0 });
  expect(calls).toEqual([]);
});

it('the sweep at the start does all of it, once for all who start together, and never fails', async () => {
  await mixture();
  await Promise.all([lifecycle.sweepAtStart(), lifecycle.sweepAtStart(), lifecycle.sweepAtStart()]);
  expect(await fixture.sql(`SELECT event_type, count(*)::int AS n FROM session_lifecycle GROUP BY 1 ORDER BY 1`)).toEqual([
    { event_type: 'dormant', n: 2 },
    { event_type: 'expired', n: 4 },
    { event_type: 'purged', n: 2 },
  ]);
  await fixture.sql('TRUNCATE sessions CASCADE');
  await mixture();
  await fixture.sql('ALTER TABLE session_lifecycle RENAME TO elsewhere');
  await lifecycle.sweepAtStart();
  await fixture.sql('ALTER TABLE elsewhere RENAME TO session_lifecycle');
});

it('what cannot be ended keeps nothing else from being done, by a job and at the start', async () => {
  const types = async (): Promise<unknown[]> => fixture.sql('SELECT DISTINCT event_type AS type FROM session_lifecycle ORDER BY 1');
  await fixture.sql("ALTER TABLE session_lifecycle ADD CONSTRAINT none_ends CHECK (event_type <> 'expired')");
  try {
    await mixture();
    await expect(job('session-cleanup').run({ signal })).rejects.toMatchObject({ name: 'AggregateError', cause: { code: '23514' } });
    expect(await types()).toEqual([{ type: 'purged' }]);
    await fixture.sql('TRUNCATE sessions, session_lifecycle CASCADE');
    await mixture();
    await lifecycle.sweepAtStart();
    expect(await types()).toEqual([{ type: 'dormant' }, { type: 'purged' }]);
    await fixture.sql('TRUNCATE sessions, session_lifecycle CASCADE');
    await fixture.sql("ALTER TABLE session_lifecycle ADD CONSTRAINT none_goes CHECK (event_type <> 'purged')");
    await mixture();
    calls = [];
    await expect(job('retention-enforcement').run({ signal })).rejects.toMatchObject({ code: '23514' });
    expect(calls).toEqual(['partitions']);
  } finally {
    await fixture.sql('ALTER TABLE session_lifecycle DROP CONSTRAINT IF EXISTS none_ends, DROP CONSTRAINT IF EXISTS none_goes');
  }
});
