import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metrics } from '@opentelemetry/api';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetErased } from '../../../../src/handoff/analytics/rollups/eraseHook.js';
import type { ArchivePort } from '../../../../src/handoff/retention/dependencies.js';
import { createRetention } from '../../../../src/handoff/retention/retention.js';
import type { Retention } from '../../../../src/handoff/retention/retention.js';
import type { Observe } from '../../../../src/telemetry/observe.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createRedisCache } from '../../../../src/handoff/storage/redisCache.js';
import { systemClock } from '../../../../src/time/clock.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { redisUrl } from '../../../setup/services.js';

/** Erasure of one session on request: after it nothing of the session is found anywhere, but that it was done. R6.4, D3, D15. */

const CANARY = `canary-${process.pid}-${Date.now()}`;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };
const unobserved: Observe = (_operation, _attributes, work) => work({ add: () => undefined, link: () => undefined, fail: () => undefined });

let fixture: HandoffFixture;
let redis: Redis;
let retention: Retention;
let folder: string;
let archiveIsDown = false;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  const cache = await createRedisCache(
    { connection: { url: redisUrl() }, commandTimeoutMs: 5000 },
    { fallback: await createMemoryCache({}, { clock: systemClock }), clock: systemClock, random: Math.random, onError: () => undefined },
  );
  fixture = await handoffFixture({ cache });
  folder = await mkdtemp(join(tmpdir(), 'handoff-erase-'));
  const { database } = fixture;
  retention = createRetention({
    database,
    cache,
    observe: unobserved,
    log: SILENT,
    clock: systemClock,
    random: Math.random,
    meter: metrics.getMeter('test'),
    archive,
    storageLimitBytes: undefined,
  });
  // As services.ts composes it.
  retention.onErase(forgetErased);
});
afterAll(async () => {
  redis.disconnect();
  await fixture.dispose();
  await rm(folder, { recursive: true, force: true });
});

/** What the archive itself does: deletes the objects that are marked, then forgets them. */
const archive: ArchivePort = {
  clear: async (id) => {
    if (archiveIsDown) throw new Error('the archive is down');
    const due = await fixture.sql<{ object_key: string }>(
      "DELETE FROM archive_leftovers WHERE session_id = $1 AND noted_at = '-infinity' RETURNING object_key",
      [id],
    );
    await Promise.all(due.map(({ object_key: key }) => rm(join(folder, key), { force: true })));
    return true;
  },
};

/** A session with the canary in everything that a session can have, in tables, cache and archive. */
async function fill(name: string): Promise<{ readonly id: string; readonly key: string; readonly object: string }> {
  const key = `${CANARY}-${name}`;
  const metadata = { secret: CANARY };
  const { session } = await fixture.sessions.register({ sessionKey: key, agentFrom: `${CANARY}-a`, metadata });
  await fixture.sessions.append({ sessionKey: key, contextType: 'message', content: `text ${CANARY}`, metadata });
  for (const targetAgent of [`${CANARY}-b`, `${CANARY}-c:x`])
    await fixture.sessions.handOff({ sessionKey: key, targetAgent, requestType: 'collaboration', requestData: metadata });
  await fixture.sql("INSERT INTO codebase_snapshots (session_id, file_path, content_hash, content) VALUES ($1, $2::text, 'x', $2::text)", [
    session.id,
    CANARY,
  ]);
  await fixture.sql(
    "INSERT INTO performance_logs (operation, duration_ms, success, session_id, metadata) VALUES ('handoff', 1.5, true, $1, $2)",
    [session.id, JSON.stringify(metadata)],
  );
  const object = `${session.id}.jsonl.gz`;
  await writeFile(join(folder, object), CANARY);
  await fixture.sql(
    "INSERT INTO session_archives (session_id, object_key, store, location, sha256, stored_bytes, content_bytes, entry_count, snapshot_count, handoff_count) VALUES ($1, $2, 'files', $3, 'x', 1, 1, 1, 1, 1)",
    [session.id, object, folder],
  );
  // One that somebody has begun to write.
  await fixture.sql("INSERT INTO archive_leftovers (object_key, session_id, store, location) VALUES ($1, $2, 'files', $3)", [
    `${session.id}-unfinished`,
    session.id,
    folder,
  ]);
  return { id: session.id, key, object };
}

/** Tables in which a row says `text` anywhere, in any column. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await fixture.sql<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'm') AND relnamespace = current_schema()::regnamespace",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await fixture.sql<{ n: number }>(`SELECT count(*)::int AS n FROM "${name}" t WHERE strpos(t::text, $1) > 0`, [text]);
    if ((row?.n ?? 0) > 0) found.push(name);
  }
  return found.sort();
}

async function redisWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const key of await redis.keys('*')) if (`${key} ${(await redis.get(key).catch(() => '')) ?? ''}`.includes(text)) found.push(key);
  return found;
}

const isThere = (object: string): Promise<boolean> =>
  access(join(folder, object)).then(
    () => true,
    () => false,
  );

describe('an erased session', () => {
  it('is found nowhere: not in a table, in Redis or in the archive; that it was erased is on record, without content', async () => {
    const { id, key, object } = await fill('gone');
    await redis.set(`archived_session:${id}`, CANARY, 'EX', 60);
    await redis.set(`archived_session_by_key:${key}`, CANARY, 'EX', 60);
    expect((await tablesWith(CANARY)).map((table) => table.replace(/_y\d+m\d+$/, ''))).toEqual([
      'codebase_snapshots',
      'context_history',
      'handoff_requests',
      'performance_logs',
      'session_lifecycle',
      'session_past_agents',
      'sessions',
    ]);
    expect(await redisWith(CANARY)).toHaveLength(5);

    expect(await retention.erase({ sessionKey: key }, 'ann')).toEqual({
      kind: 'erased',
      sessionId: id,
      deleted: { contextEntries: 4, snapshots: 1, handoffs: 2, lifecycleEvents: 2, performanceLogs: 1, archiveObjects: 2 },
      archiveCleared: true,
      cacheCleared: true,
    });
    expect([await tablesWith(CANARY), await redisWith(CANARY), await isThere(object)]).toEqual([[], [], false]);
    expect(await tablesWith(id)).toEqual(['deletion_records', 'retention_changes']);
    expect(
      await fixture.sql('SELECT cause, retention_policy, deleted_by, deleted FROM deletion_records WHERE session_id = $1', [id]),
    ).toEqual([
      {
        cause: 'erasure',
        retention_policy: 'standard',
        deleted_by: 'ann',
        deleted: { contextEntries: 4, snapshots: 1, handoffs: 2, lifecycleEvents: 2, performanceLogs: 1, archiveObjects: 2 },
      },
    ]);
    // Its key is free again.
    expect(await fixture.sessions.register({ sessionKey: key, agentFrom: 'a', metadata: {} })).toMatchObject({ kind: 'registered' });
    await retention.erase({ sessionKey: key }, 'ann');
  });

  it('is erased once; asking again says when it was, and by a key that nobody has nothing is known', async () => {
    const { id, key } = await fill('twice');
    const first = await Promise.all([retention.erase({ sessionId: id }, 'ann'), retention.erase({ sessionId: id }, 'bob')]);
    expect(first.map((outcome) => outcome?.kind).sort()).toEqual(['already_deleted', 'erased']);
    expect(await retention.erase({ sessionId: id }, 'ann')).toMatchObject({
      kind: 'already_deleted',
      deletedAt: expect.any(Date),
      cause: 'erasure',
    });
    expect(await retention.erase({ sessionKey: key }, 'ann')).toBeUndefined();
    expect(await fixture.sql('SELECT FROM deletion_records WHERE session_id = $1', [id])).toHaveLength(1);
  });

  it('is erased although the archive is down; its object is marked for the next sweep', async () => {
    const { id, object } = await fill('later');
    archiveIsDown = true;
    expect(await retention.erase({ sessionId: id }, 'ann')).toMatchObject({ kind: 'erased', archiveCleared: false, cacheCleared: true });
    archiveIsDown = false;
    expect([await tablesWith(CANARY), await isThere(object)]).toEqual([[], true]);
    expect(await retention.erase({ sessionId: id }, 'ann')).toMatchObject({ kind: 'already_deleted', archiveCleared: true });
    expect(await isThere(object)).toBe(false);
  });

  it('takes along what other services keep, in the same transaction: all or nothing', async () => {
    await fixture.sql('CREATE TABLE rollups (session_id uuid, text text)');
    const { id, key } = await fill('hooked');
    await fixture.sql('INSERT INTO rollups VALUES ($1, $2)', [id, CANARY]);
    let fails = true;
    const remove = retention.onErase(async (q, session) => {
      await q.query({ name: 'test_rollups', text: 'DELETE FROM rollups WHERE session_id = $1' }, [session.sessionId]);
      if (fails) throw new Error(`no ${session.sessionKey}`);
    });
    await expect(retention.erase({ sessionId: id }, 'ann')).rejects.toThrow(`no ${key}`);
    expect(await tablesWith(CANARY)).toEqual(expect.arrayContaining(['context_history', 'rollups', 'sessions']));
    fails = false;
    await retention.erase({ sessionId: id }, 'ann');
    expect(await tablesWith(CANARY)).toEqual([]);
    remove();
  });

  it('leaves nothing in Redis either of a call that puts what it had written before into the cache a moment later', async () => {
    const { id, key } = await fill('late');
    const erasing = retention.erase({ sessionId: id }, 'ann');
    await expect.poll(() => fixture.sql('SELECT FROM sessions WHERE id = $1', [id])).toEqual([]);
    await redis.set(`session:${key}:latest_context`, CANARY, 'EX', 3600);
    expect(await erasing).toMatchObject({ kind: 'erased', cacheCleared: true });
    expect(await redisWith(CANARY)).toEqual([]);
  });

  it('does not come back by a call that was under way', async () => {
    const { id, key } = await fill('busy');
    const calls = Array.from({ length: 20 }, (_, n) =>
      fixture.sessions.append({ sessionKey: key, contextType: 'message', content: `${n} ${CANARY}`, metadata: {} }).then(
        ({ kind }) => kind,
        () => 'failed',
      ),
    );
    await retention.erase({ sessionId: id }, 'ann');
    for (const kind of await Promise.all(calls)) expect(['appended', 'session_not_found']).toContain(kind);
    expect(await tablesWith(CANARY)).toEqual([]);
    expect(await redisWith(CANARY)).toEqual([]);
  });

  it('is erased where performance logs refer to it, as a plain deletion also can be', async () => {
    // D3: their foreign key kept sessions with handoffs from being purged.
    const { id } = await fill('logged');
    expect(await fixture.sql('DELETE FROM sessions WHERE id = $1 RETURNING id', [id])).toEqual([{ id }]);
    expect(await fixture.sql('SELECT FROM performance_logs WHERE session_id = $1', [id])).toHaveLength(1);
  });
});
