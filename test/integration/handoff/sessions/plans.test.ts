import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertEntry } from '../../../../src/handoff/sessions/sql/insertEntry.js';
import { listEntries } from '../../../../src/handoff/sessions/sql/listEntries.js';
import { listAgentSessions, listSessions } from '../../../../src/handoff/sessions/sql/listSessions.js';
import { readHandoffState } from '../../../../src/handoff/sessions/sql/readHandoffState.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** Statements must stay cheap on a large table, also under the one plan a prepared statement ends up with. */

const SESSIONS = 20_000;

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
  await fixture.sql(
    `INSERT INTO sessions (session_key, agent_from, agent_to, created_at)
     SELECT 'k' || n, 'agent-' || n % 100, CASE WHEN n % 3 = 0 THEN 'agent-' || n % 90 END, now() - n * interval '1 minute' FROM generate_series(1, ${SESSIONS}) AS n`,
  );
  await fixture.sql("INSERT INTO sessions (session_key, agent_from, created_at) VALUES ('rare', 'rare', now() - interval '1 year')");
  await fixture.sql(
    "INSERT INTO context_history (session_id, sequence_number, context_type, content) SELECT s.id, n, 'message', 'x' FROM sessions s, generate_series(1, 2) AS n",
  );
  await fixture.sql('ANALYZE');
});
afterAll(() => fixture.dispose());

interface PlanNode {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/** Pages touched under the generic plan. */
async function pagesTouched(text: string, values: readonly (string | number | null)[]): Promise<number> {
  const client = await fixture.database.pool.connect();
  const literal = (value: string | number | null): string =>
    value === null ? 'NULL' : typeof value === 'number' ? String(value) : client.escapeLiteral(value);
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL plan_cache_mode = force_generic_plan');
    await client.query(`PREPARE statement AS ${text}`);
    const explain = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE statement(${values.map(literal).join(', ')})`;
    await client.query('SAVEPOINT warm');
    await client.query(explain);
    await client.query('ROLLBACK TO warm');
    const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(explain);
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
    if (plan === undefined) throw new Error('no plan');
    return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  } finally {
    await client.query('ROLLBACK');
    await client.query('DEALLOCATE ALL');
    client.release(true);
  }
}

const lateUs = String((Date.now() - (SESSIONS - 500) * 60_000) * 1000);
const ID = '5f0c1b1e-0000-4000-8000-000000000001';

it.each([
  ['update_context', insertEntry, ['k7', 'message', 'x', '{}', 'planner', null], 60],
  ['the state before a handoff', readHandoffState, ['k7', 8_000_000, null], 40],
  ['a page of a session', listEntries, [ID, 0, 1000, null, 8_000_000], 20],
  ['the first page of sessions', listSessions, [null, null, null, null, 100, 8_000_000], 120],
  ['a late page of sessions', listSessions, [null, null, lateUs, ID, 100, 8_000_000], 120],
  ['the sessions of an agent with many', listAgentSessions, [null, null, null, null, 100, 8_000_000, 'agent-7'], 500],
  ['the sessions of an agent with one', listAgentSessions, [null, null, null, null, 100, 8_000_000, 'rare'], 40],
  ['the sessions of nobody', listAgentSessions, [null, null, null, null, 100, 8_000_000, 'nobody'], 40],
] as const)('%s touches few pages of a table of 20 thousand', async (_what, statement, values, most) => {
  expect(await pagesTouched(statement.text, values)).toBeLessThan(most);
});
