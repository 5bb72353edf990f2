import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settledBeforeMs } from '../../../../src/handoff/analytics/rollups/settled.js';
import { kinds } from '../../../../src/handoff/analytics/rollups/kinds.js';
import { step } from '../../../../src/handoff/analytics/rollups/step.js';
import { systemClock } from '../../../../src/time/clock.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { bruteForce, rolledUp } from './bruteForce.js';
import { randomFrom, writeHistory } from './history.js';

/** Any order of rows, any split of the work between replicas and any crash make the same buckets. */

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

class Crash extends Error {}

/** One transaction of some replica, which may end before its commit. */
async function oneStep(random: () => number): Promise<void> {
  const settledMs = (await settledBeforeMs(fixture.database, systemClock)) ?? 0;
  const kind = kinds[Math.floor(random() * kinds.length)] ?? kinds[0];
  const windowMs = 60_000 * Math.ceil(Math.exp(random() * 7));
  const crashes = random() < 0.3;
  await fixture.database
    .transaction(async (q) => {
      if (kind !== undefined) await step(q, kind, settledMs, windowMs);
      if (crashes) throw new Crash();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
}

it.each([1, 2, 3])('makes the same buckets however it is split (seed %i)', async (seed) => {
  const random = randomFrom(seed);
  await writeHistory(fixture, { sessions: 20, from: ago(12), to: ago(0.2), seed: seed / 10 });
  await fixture.analytics.rollUp({ pauseMs: 0, timeLimitMs: 1 });
  for (let round = 0; round < 3; round += 1) {
    await writeHistory(fixture, { sessions: 5, from: ago(14), to: ago(0.1), seed: (seed + round) / 20 });
    const replicas = Array.from({ length: 3 }, async () => {
      for (let n = 0; n < 3; n += 1) await oneStep(random);
    });
    await Promise.all(replicas);
  }
  await fixture.analytics.rollUp({ pauseMs: 0 });
  expect(await rolledUp(fixture)).toEqual(await bruteForce(fixture));
});

describe('a transaction that stays open', () => {
  it('holds back the time before which everything is there, until it ends', async () => {
    const client = await fixture.database.pool.connect();
    await client.query('BEGIN');
    const opened = await client.query<{ at: Date }>(
      `INSERT INTO sessions (session_key, agent_from, created_at) VALUES ('slow', 'slow-agent', now() - interval '30 seconds') RETURNING created_at AS at`,
    );
    const first = await settledBeforeMs(fixture.database, systemClock);
    const second = await settledBeforeMs(fixture.database, systemClock);
    await client.query('COMMIT');
    client.release();
    const last = await settledBeforeMs(fixture.database, systemClock);
    // What was found before may be told again; nothing later than that.
    for (const settled of [first, second]) expect(settled ?? 0).toBeLessThan(opened.rows[0]?.at.getTime() ?? 0);
    expect(second).toBeUndefined();
    expect(last).toBeGreaterThan(Date.now() - 120_000);
  });
});
