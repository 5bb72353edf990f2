import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

// Ids of entries and transitions are UUIDs of version 7 (RFC 9562, section 5.7), so that the index grows at its end and not all over.

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());

const AS_VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const idsOf = async (table: 'context_history' | 'session_lifecycle'): Promise<string[]> =>
  (await fixture.sql<{ id: string }>(`SELECT id FROM ${table} ORDER BY created_at`)).map(({ id }) => id);
const timeOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

it('hold the millisecond in which they were written, grow with it, and differ within it', async () => {
  const before = Date.now();
  await fixture.sessions.register({ sessionKey: 'ordered', agentFrom: 'planner', metadata: {} });
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        fixture.sessions.append({ sessionKey: 'ordered', contextType: 'message', content: `${round} ${n}`, metadata: {} }),
      ),
    );
    await wait(2);
  }
  const after = Date.now();

  const ids = await idsOf('context_history');
  expect(new Set(ids).size).toBe(101);
  for (const id of [...ids, ...(await idsOf('session_lifecycle'))]) {
    expect(id).toMatch(AS_VERSION_7);
    // The clock of the database is the clock of this machine; it rounds to the millisecond.
    expect(timeOf(id)).toBeGreaterThanOrEqual(before - 1);
    expect(timeOf(id)).toBeLessThanOrEqual(after + 1);
  }
  const rounds = (
    await fixture.sql<{ round: number }>(
      "SELECT split_part(content, ' ', 1)::int AS round FROM context_history WHERE content ~ '^[0-9]+ [0-9]+$' ORDER BY id",
    )
  ).map(({ round }) => round);
  expect(rounds).toEqual(rounds.toSorted((a, b) => a - b));
  expect(rounds).toHaveLength(100);
});
