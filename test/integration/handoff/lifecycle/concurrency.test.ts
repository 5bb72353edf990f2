import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** Sweeps beside writers on the same sessions, with real connections: nothing acknowledged is lost, and nobody waits for ever. */

const SESSIONS = 60;

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture({ poolSize: 12 });
});
afterAll(() => fixture.dispose());

it('every acknowledged entry is stored, every refused call was refused for a reason, and each transition has one event', async () => {
  const keys = Array.from({ length: SESSIONS }, (_none, n) => `k${n}`);
  await Promise.all(keys.map((sessionKey) => fixture.sessions.register({ sessionKey, agentFrom: 'a', metadata: {} })));
  const acknowledged = new Map<string, number>();
  const refused = new Set<string>();
  let isOver = false;

  const ageing = async (): Promise<void> => {
    while (!isOver)
      // Each statement makes a few sessions due at once, as if a day or three hours had passed.
      await fixture.sql(
        `UPDATE sessions SET last_activity_at = now() - interval '3 days', expires_at = now() - interval '1 hour', dormancy_check_at = '-infinity'
         WHERE id IN (SELECT id FROM sessions WHERE status = 'active' ORDER BY random() LIMIT 3 FOR UPDATE SKIP LOCKED)`,
      );
  };
  const sweeping = async (): Promise<number> => {
    let expired = 0;
    while (!isOver) {
      await fixture.lifecycle.sweeps.dormant({ batchSize: 7, pauseMs: 0 });
      expired += (await fixture.lifecycle.sweeps.expired({ batchSize: 1, maxBatches: 1, pauseMs: 0 })).changed;
    }
    return expired;
  };
  const writing = async (worker: number): Promise<void> => {
    for (let n = 0; n < 150; n += 1) {
      const sessionKey = keys[(n * 7 + worker * 13) % SESSIONS] ?? '';
      const call =
        n % 10 === 9
          ? fixture.sessions.handOff({ sessionKey, targetAgent: `t${n}`, requestType: 'collaboration', requestData: {} })
          : fixture.sessions.append({ sessionKey, contextType: 'message', content: `${worker}-${n}`, metadata: {} });
      const outcome = await call;
      if (outcome.kind === 'session_not_active') {
        expect(outcome.status).toBe('expired');
        refused.add(sessionKey);
      } else acknowledged.set(sessionKey, (acknowledged.get(sessionKey) ?? 0) + 1);
    }
  };
  const background = [ageing(), sweeping(), sweeping()];
  await Promise.all([0, 1, 2, 3].map(writing)).finally(() => {
    isOver = true;
  });
  const [, ...expired] = (await Promise.all(background)).map(Number);

  const stored = await fixture.sql<{
    session_key: string;
    status: string;
    entries: number;
    last: number;
    ended: number;
    slept: number;
    woken: number;
    is_dormant: boolean;
  }>(
    `SELECT s.session_key, s.status, s.is_dormant, count(h.id)::int AS entries, max(h.sequence_number)::int AS last,
       (SELECT count(*)::int FROM session_lifecycle l WHERE l.session_id = s.id AND event_type = 'expired') AS ended,
       (SELECT count(*)::int FROM session_lifecycle l WHERE l.session_id = s.id AND event_type = 'dormant') AS slept,
       (SELECT count(*)::int FROM session_lifecycle l WHERE l.session_id = s.id AND event_type = 'reactivated') AS woken
     FROM sessions s JOIN context_history h ON h.session_id = s.id GROUP BY s.id`,
  );
  for (const row of stored) {
    expect([row.session_key, row.entries]).toEqual([row.session_key, 1 + (acknowledged.get(row.session_key) ?? 0)]);
    expect(row.last).toBe(row.entries);
    expect(row.ended).toBe(row.status === 'expired' ? 1 : 0);
    // It fell asleep once more than it woke if it sleeps now, or died asleep.
    expect(row.slept - row.woken).toBeGreaterThanOrEqual(row.is_dormant ? 1 : 0);
    expect(row.slept - row.woken).toBeLessThanOrEqual(1);
    if (refused.has(row.session_key)) expect(row.status).toBe('expired');
  }
  const ended = stored.filter(({ status }) => status === 'expired').length;
  expect(expired.reduce((sum, count) => sum + count, 0)).toBe(ended);
  // The mixture was one: some sessions ended under their writers, and some did not.
  expect(ended).toBeGreaterThan(0);
  expect(acknowledged.size).toBeGreaterThan(SESSIONS / 4);
});
