import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveFixture } from '../archive/archiveFixture.js';
import type { ArchiveFixture } from '../archive/archiveFixture.js';
import { bruteForce, rolledUp } from './bruteForce.js';
import { writeHistory } from './history.js';

/** Sessions go on counting when their rows have left, and cease to when they are erased. */

let fixture: ArchiveFixture;
beforeEach(async () => {
  fixture = await archiveFixture();
  await writeHistory(fixture, { sessions: 40, from: hoursAgo(50), to: hoursAgo(1), seed: 0.25 });
});
afterEach(() => fixture.dispose());

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

async function endedSessions(limit: number): Promise<readonly string[]> {
  const rows = await fixture.sql<{ id: string }>(
    "SELECT id FROM sessions WHERE status <> 'active' AND archived_at IS NULL ORDER BY id LIMIT $1",
    [limit],
  );
  return rows.map(({ id }) => id);
}

/** Makes every bucket anew, as a late row in each would. */
async function makeAllAnew(): Promise<void> {
  await fixture.sql(
    `INSERT INTO analytics_late_rows (kind, at) SELECT DISTINCT aggregation_type, time_bucket FROM analytics_aggregations WHERE granularity = 'hour'`,
  );
  await fixture.analytics.rollUp({ pauseMs: 0 });
}

/** What happened until now, without what the removal itself adds. */
const before = (lines: readonly string[]): readonly string[] => lines.filter((line) => !/ (?:archived|purged|restored) n=/.test(line));

async function purge(id: string): Promise<void> {
  await fixture.sql("UPDATE sessions SET archived_at = now() - interval '400 days' WHERE id = $1", [id]);
  expect((await fixture.lifecycle.sweeps.purge()).changed).toBe(1);
}

describe.each(['before', 'after'] as const)('a session whose rows leave %s they are rolled up', (when) => {
  it('counts when it is archived, and when it is purged', async () => {
    const [archived = '', purged = '', inPlace = ''] = await endedSessions(3);
    const expected = async (): Promise<readonly string[]> => {
      await fixture.analytics.rollUp({ pauseMs: 0 });
      return before(await bruteForce(fixture));
    };
    const first = when === 'after' ? await expected() : undefined;
    const rows = when === 'before' ? await countedRows() : [];
    expect(await fixture.archive.archive(archived)).toMatchObject({ kind: 'archived' });
    expect(await fixture.archive.archive(purged)).toMatchObject({ kind: 'archived' });
    await purge(purged);
    await purge(inPlace);
    await fixture.analytics.rollUp({ pauseMs: 0 });
    if (first !== undefined) expect(before(await rolledUp(fixture))).toEqual(first);
    else expect(await countedBuckets()).toEqual(rows);
    const lines = before(await rolledUp(fixture));
    await makeAllAnew();
    expect(before(await rolledUp(fixture))).toEqual(lines);
    expect(await fixture.sql('SELECT FROM analytics_facts f WHERE session_id IN ($1, $2)', [purged, inPlace])).toEqual([]);
  });
});

/** Of the tables, and of the buckets of days and of what is not a whole day yet. */
async function countedRows(): Promise<unknown> {
  return fixture.sql(`SELECT (SELECT count(*)::int FROM sessions) AS sessions, (SELECT count(*)::int FROM context_history) AS entries,
    (SELECT sum(octet_length(content))::float8 FROM context_history) AS bytes, (SELECT count(*)::int FROM handoff_requests) AS handoffs`);
}

async function countedBuckets(): Promise<unknown> {
  const sum = (kind: string, measure: string, of: string): string =>
    `(SELECT sum((aggregation_data -> '${measure}' ->> '${of}')::float8) FROM analytics_buckets
      WHERE aggregation_type = '${kind}' AND granularity = 'minute' AND dimension = '')`;
  return fixture.sql(`SELECT ${sum('sessions', 'opened', 'n')}::int AS sessions, ${sum('context', 'content_bytes', 'n')}::int AS entries,
    ${sum('context', 'content_bytes', 'total')} AS bytes, ${sum('handoffs', 'requested', 'n')}::int AS handoffs`);
}

it('counts once when it is restored', async () => {
  const [id = ''] = await endedSessions(1);
  await fixture.analytics.rollUp({ pauseMs: 0 });
  await fixture.archive.archive(id);
  expect(await fixture.sql('SELECT FROM analytics_facts WHERE session_id = $1 LIMIT 1', [id])).toHaveLength(1);
  expect(await fixture.archive.restore(id)).toMatchObject({ kind: 'restored' });
  await fixture.analytics.rollUp({ pauseMs: 0 });
  expect(await fixture.sql('SELECT FROM analytics_facts WHERE session_id = $1', [id])).toEqual([]);
  expect(before(await rolledUp(fixture))).toEqual(before(await bruteForce(fixture)));
});

it.each(['live', 'archived'] as const)('ceases to count when it is erased, %s', async (state) => {
  const [id = ''] = await endedSessions(1);
  await fixture.analytics.rollUp({ pauseMs: 0 });
  const counted = await rolledUp(fixture);
  if (state === 'archived') await fixture.archive.archive(id);
  expect(await fixture.retention.erase({ sessionId: id }, 'ann')).toMatchObject({ kind: 'erased' });
  await fixture.analytics.rollUp({ pauseMs: 0 });
  const lines = before(await rolledUp(fixture));
  expect(lines).not.toEqual(before(counted));
  expect(lines).toEqual(before(await bruteForce(fixture)));
  expect(await fixture.sql('SELECT FROM analytics_facts')).toEqual([]);
});

it('is counted under the policy that it gets later', async () => {
  await fixture.analytics.rollUp({ pauseMs: 0 });
  await fixture.sql("UPDATE sessions SET retention_policy = 'extended'");
  await fixture.analytics.rollUp({ pauseMs: 0 });
  expect(await rolledUp(fixture)).toEqual(await bruteForce(fixture));
});

it('counts from the archive what was archived before there were rollups', async () => {
  const [id = ''] = await endedSessions(1);
  await fixture.analytics.rollUp({ pauseMs: 0 });
  const counted = before(await rolledUp(fixture));
  await fixture.archive.archive(id);
  await fixture.sql('DELETE FROM analytics_facts');
  await makeAllAnew();
  expect(before(await rolledUp(fixture))).not.toEqual(counted);
  expect(await fixture.analytics.backfill()).toEqual({ sessions: 1, unread: 0 });
  expect(await fixture.analytics.backfill()).toEqual({ sessions: 0, unread: 0 });
  await fixture.analytics.rollUp({ pauseMs: 0 });
  expect(before(await rolledUp(fixture))).toEqual(counted);
});

it('makes a range anew that somebody has damaged', async () => {
  await fixture.analytics.rollUp({ pauseMs: 0 });
  const lines = await rolledUp(fixture);
  await fixture.sql("DELETE FROM analytics_aggregations WHERE random() < 0.5 AND granularity <> 'month'");
  await fixture.analytics.rebuild(new Date(hoursAgo(72)), new Date(), { pauseMs: 0 });
  expect(await rolledUp(fixture)).toEqual(lines);
});
