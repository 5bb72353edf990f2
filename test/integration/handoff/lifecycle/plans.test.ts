import { afterAll, beforeAll, expect, it } from 'vitest';
import { expireDue } from '../../../../src/handoff/lifecycle/sql/expireDue.js';
import { expireOrphans } from '../../../../src/handoff/lifecycle/sql/expireOrphans.js';
import { archivedPolicies } from '../../../../src/handoff/lifecycle/sql/archivedPolicies.js';
import { lockPurgeable } from '../../../../src/handoff/lifecycle/sql/lockPurgeable.js';
import { oldestDue } from '../../../../src/handoff/lifecycle/sql/oldestDue.js';
import { scheduleMissing } from '../../../../src/handoff/lifecycle/sql/scheduleMissing.js';
import { sleepDue } from '../../../../src/handoff/lifecycle/sql/sleepDue.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** What a sweep costs must grow with what is due, and not with the table: with nothing due, hardly a page may be read. */

const SESSIONS = 30_000;

let fixture: HandoffFixture;
beforeAll(async () => {
  fixture = await handoffFixture();
  // A tenth is live and not due, the rest has ended or is archived, by policies whose time has not passed.
  await fixture.sql(
    `INSERT INTO sessions (session_key, agent_from, created_at, last_activity_at, expires_at, dormancy_check_at, status, archived_at, retention_policy)
     SELECT 'k' || n, 'a', now() - n * interval '1 minute', now() - n * interval '1 minute', now() + n * interval '1 minute',
       now() + n * interval '1 minute', CASE WHEN n % 10 = 0 THEN 'active' ELSE 'expired' END,
       CASE WHEN n % 10 > 4 THEN now() - n * interval '10 seconds' END, (ARRAY['standard', 'extended'])[1 + n % 2]
     FROM generate_series(1, ${SESSIONS}) AS n`,
  );
  await fixture.sql('VACUUM ANALYZE sessions');
});
afterAll(() => fixture.dispose());

interface PlanNode {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/** Pages touched under the generic plan, which a prepared statement ends up with. */
async function pagesTouched(text: string, values: readonly (string | number)[]): Promise<number> {
  const client = await fixture.database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL plan_cache_mode = force_generic_plan');
    await client.query(`PREPARE statement AS ${text}`);
    const literals = values.map((value) => (typeof value === 'number' ? String(value) : client.escapeLiteral(value)));
    const call = values.length === 0 ? 'statement' : `statement(${literals.join(', ')})`;
    await client.query('SAVEPOINT warm');
    await client.query(`EXPLAIN (ANALYZE) EXECUTE ${call}`);
    await client.query('ROLLBACK TO warm');
    const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE ${call}`);
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
    if (plan === undefined) throw new Error('no plan');
    return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  } finally {
    await client.query('ROLLBACK');
    client.release(true);
  }
}

const ID = '00000000-0000-0000-0000-000000000000';

it.each([
  ['expiry', expireDue, [1000, '{}']],
  ['dormancy', sleepDue, [1000, '{}']],
  ['missing times of expiry', scheduleMissing, [1000, '{}']],
  ['abandoned sessions', expireOrphans, [1000, '{}', '-infinity', ID]],
  ['policies of archived sessions', archivedPolicies, []],
  ['a purge', lockPurgeable, ['standard', 1000, 20_000, '{}']],
  ['the lag', oldestDue, []],
] as const)('%s touches next to nothing when nothing is due', async (_what, statement, values) => {
  expect(await pagesTouched(statement.text, values)).toBeLessThan(25);
});

it('a batch of expiry touches the pages of what is due, and not those of the table', async () => {
  await fixture.sql(
    "UPDATE sessions SET expires_at = now() - interval '1 hour', last_activity_at = now() - interval '2 days' WHERE session_key IN ('k100', 'k200', 'k300')",
  );
  const few = await pagesTouched(expireDue.text, [1000, '{}']);
  expect(few).toBeGreaterThan(10);
  expect(few).toBeLessThan(250);
});
