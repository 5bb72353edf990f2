import { afterEach, beforeEach, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

let fixture: HandoffFixture;
beforeEach(async () => {
  fixture = await handoffFixture();
});
afterEach(() => fixture.dispose());

const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);

async function ended(): Promise<object> {
  await fixture.analytics.rollUp({ pauseMs: 0 });
  const { completedSessions, sessionsByStatus, sessionTrends, groups } = await fixture.analytics.getSessionStatistics({
    start: hoursAgo(10),
    end: new Date(),
    groupBy: 'agent',
  });
  return {
    completedSessions,
    byStatus: sessionsByStatus.completed,
    inParts: sessionTrends.reduce((sum, { endedSessions }) => sum + endedSessions, 0),
    ofAlice: groups?.['alice']?.completedSessions,
  };
}

const all = (count: number): object => ({ completedSessions: count, byStatus: count, inParts: count, ofAlice: count });

it('a session that was handed over in full has ended only if nobody has taken it up', async () => {
  const [session] = await fixture.sql<{ id: string }>(
    "INSERT INTO sessions (session_key, agent_from, created_at) VALUES ('k', 'alice', $1) RETURNING id",
    [hoursAgo(9)],
  );
  const change = (to: string, hours: number): Promise<object[]> =>
    fixture.sql("INSERT INTO session_lifecycle (session_id, event_type, event_data, created_at) VALUES ($1, 'status_changed', $2, $3)", [
      session?.id,
      { to },
      hoursAgo(hours),
    ]);
  await change('completed', 8);
  expect(await ended()).toEqual(all(1));
  await change('active', 7);
  // As the server does when the handoff is accepted.
  await fixture.sql("UPDATE sessions SET status = 'completed'");
  await fixture.sql("UPDATE sessions SET status = 'active'");
  expect(await ended()).toEqual(all(0));
  await change('completed', 6);
  expect(await ended()).toEqual(all(1));
});
