import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { migrate } from '../../src/handoff/storage/migrate/migrate.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { startThrowawayPostgres } from '../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../setup/throwawayServer.js';
import { openDatabase, systemDeps } from '../integration/handoff/storage/openDatabase.js';
import { SESSIONS, earlierServer, olderRelease } from './clients.js';
import type { Release } from './clients.js';
import { startLoad } from './load.js';
import type { LoadResult } from './load.js';
import { holdLockUntilSeen } from './lockControl.js';
import type { LockControl } from './lockControl.js';
import { watchLocks } from './lockWatch.js';
import type { SeenLocks } from './lockWatch.js';

/** Longest time that a migration may keep others from a table. */
const LONGEST_LOCK_MS = 2000;
const CLIENTS = 6;
/** Time for the clients before and after the migration. */
const AROUND_MS = 1000;
const MIGRATOR = 'the migrator';

const migrations = path.join(import.meta.dirname, '..', '..', 'migrations');
const releases = readdirSync(path.join(import.meta.dirname, 'releases')).map(
  (file) => JSON.parse(readFileSync(path.join(import.meta.dirname, 'releases', file), 'utf8')) as Release,
);

let server: ThrowawayServer;
let fresh: FreshDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  server = await startThrowawayPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  fresh = await freshDatabase(server.url);
  pool = new pg.Pool({ connectionString: fresh.url, max: CLIENTS + 2 });
  pool.on('error', () => undefined);
});
afterEach(async () => {
  await pool.end();
  await fresh.drop();
});

interface Upgrade {
  readonly load: LoadResult;
  readonly seen: SeenLocks;
  /** A lock of known length before the migration, and another after it: the watch works from the first to the last. */
  readonly controls: readonly LockControl[];
}

/** Migrates to the newest schema while clients work. */
async function upgradeUnder(call: Parameters<typeof startLoad>[2]): Promise<Upgrade> {
  const load = startLoad(pool, CLIENTS, call);
  const watch = watchLocks(pool, MIGRATOR);
  const asMigrator = new pg.Pool({ connectionString: fresh.url, application_name: MIGRATOR, max: 1 });
  asMigrator.on('error', () => undefined);
  await wait(AROUND_MS);
  const before = await holdLockUntilSeen(asMigrator, 'lock_control_before', watch);
  const database = await openDatabase(fresh.url, { poolSize: 2, applicationName: MIGRATOR });
  try {
    await migrate(database, {}, systemDeps);
  } finally {
    await database.close();
  }
  const after = await holdLockUntilSeen(asMigrator, 'lock_control_after', watch);
  await asMigrator.end();
  await wait(AROUND_MS);
  const seen = await watch.stop();
  return { load: await load.stop(), seen, controls: [before, after] };
}

function expectUnharmed({ load, seen, controls }: Upgrade): void {
  expect(load.failures).toEqual({});
  expect(load.calls).toBeGreaterThan(CLIENTS * 10);
  for (const { seenMs, heldMs } of controls) {
    expect(seenMs, 'the watch did not see a lock that was held until it would').toBeGreaterThanOrEqual(100);
    // A look is timed when its answer has come, which is later for some than for others.
    expect(seenMs, 'the watch says that a lock was held for longer than it was').toBeLessThanOrEqual(heldMs + seen.longestGapMs);
  }
  // A migration on a fast machine may hold no lock for long enough to be seen; one held beyond the limit cannot be missed.
  expect(seen.longestGapMs, 'the watch paused for so long that it can have missed a lock').toBeLessThan(LONGEST_LOCK_MS);
  expect(seen.locks.filter(({ heldMs }) => heldMs > LONGEST_LOCK_MS)).toEqual([]);
}

async function rowCounts(): Promise<unknown> {
  const { rows } = await pool.query(
    "SELECT (SELECT count(*)::int FROM sessions WHERE session_key NOT LIKE '%while%') AS sessions, (SELECT count(*)::int FROM performance_logs WHERE operation = 'filled') AS logs",
  );
  return rows[0];
}

describe('a database of the earlier server, filled', () => {
  beforeEach(async () => {
    await pool.query(readFileSync(new URL('../integration/handoff/storage/earlierSchema.sql', import.meta.url), 'utf8'));
    await pool.query(
      `INSERT INTO sessions (session_key, agent_from, created_at)
         SELECT 'earlier-' || n, 'agent-' || (n % 3), now() - make_interval(mins => n) FROM generate_series(21, $1::int) AS n`,
      [SESSIONS],
    );
    await pool.query(
      "INSERT INTO context_history (session_id, sequence_number, context_type, content) SELECT s.id, n, 'message', 'entry ' || n FROM sessions s, generate_series(4, 9) AS n",
    );
    await pool.query("INSERT INTO session_lifecycle (session_id, event_type) SELECT id, 'created' FROM sessions");
    await pool.query(
      "INSERT INTO performance_logs (operation, duration_ms, success, session_id) SELECT 'filled', 12, true, id FROM sessions, generate_series(1, 4)",
    );
  });

  it('is migrated while that server works: no call fails, and no lock is held longer than the limit', async () => {
    const before = await rowCounts();
    expectUnharmed(await upgradeUnder(earlierServer));
    expect(await rowCounts()).toEqual(before);
  });
});

describe.each(releases)('a database of release $version, filled', (release) => {
  beforeEach(async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'handoff-upgrade-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const file of readdirSync(migrations)) {
      const number = Number(file.slice(0, 6));
      if (number > 0 && number <= release.newestMigration) cpSync(path.join(migrations, file), path.join(folder, file));
    }
    const database = await openDatabase(fresh.url);
    await migrate(database, { folder: pathToFileURL(`${folder}/`) }, systemDeps);
    await database.close();
    await pool.query(
      `INSERT INTO sessions (session_key, agent_from, expires_at, last_sequence_number)
         SELECT 'filled-' || n, 'agent-' || (n % 3), now() + interval '1 day', 6 FROM generate_series(1, $1::int) AS n`,
      [SESSIONS],
    );
    await pool.query(
      "INSERT INTO context_history (session_id, sequence_number, context_type, content) SELECT s.id, n, 'message', 'entry ' || n FROM sessions s, generate_series(1, 6) AS n",
    );
    await pool.query(
      "INSERT INTO performance_logs (operation, duration_ms, success, session_id) SELECT 'filled', 12, true, id FROM sessions, generate_series(1, 4)",
    );
  });

  it('is migrated while servers of that release work, which go on working on the new schema', async () => {
    const before = await rowCounts();
    expectUnharmed(await upgradeUnder(olderRelease(release)));
    const { sessions } = (await rowCounts()) as { readonly sessions: number };
    expect(sessions).toBeGreaterThan((before as { readonly sessions: number }).sessions);
    const { rows } = await pool.query(
      "SELECT count(*)::int AS wrong FROM sessions WHERE session_key LIKE 'release-%' AND (status <> 'completed' OR last_sequence_number <> 5) AND updated_at < now() - interval '5 seconds'",
    );
    expect(rows).toEqual([{ wrong: 0 }]);
  });
});
