import fs, { mkdirSync, readdirSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { firstColumn, queryMessage } from '../../../../../src/handoff/storage/embedded/backendMessages.js';
import { keepHouse } from '../../../../../src/handoff/storage/embedded/housekeeping.js';
import { openPglite, type PgliteBackend } from '../../../../../src/handoff/storage/embedded/pgliteBackend.js';
import { Turns } from '../../../../../src/handoff/storage/embedded/turns.js';
import { createScratch } from './scratch.js';

// The engine without the thread around it.

const scratch = createScratch();
let home: string;
let backend: PgliteBackend;

async function sql(statement: string): Promise<string | undefined> {
  const { reply } = await backend.run(queryMessage(statement));
  return firstColumn(reply);
}

beforeAll(async () => {
  home = join(await scratch.emptyFolder(), 'home');
  mkdirSync(home);
  // What a process that died while creating the database leaves behind.
  mkdirSync(join(home, 'pgdata.new'));
  fs.writeFileSync(join(home, 'pgdata.new', 'PG_VERSION'), '18\n');
  backend = await openPglite(home, {
    onLine: () => undefined,
    onCrash: (error) => {
      throw error;
    },
  });
}, 300_000);
afterAll(async () => {
  await backend.close();
  await scratch.cleanUp();
});

describe('the embedded engine', () => {
  it('is created whole, whatever a creation that was cut off left behind', () => {
    expect(readdirSync(home)).toEqual(['pgdata']);
  });

  it('asks the disk to keep each commit before it answers', async () => {
    await sql('CREATE TABLE t (n int)');
    const real = fs.fsyncSync;
    const synced = vi.fn(real);
    fs.fsyncSync = synced;
    syncBuiltinESMExports();
    try {
      await sql('INSERT INTO t VALUES (1)');
      expect(synced).toHaveBeenCalledTimes(1);
      await sql('SELECT * FROM t');
      expect(synced).toHaveBeenCalledTimes(1);
    } finally {
      fs.fsyncSync = real;
      syncBuiltinESMExports();
    }
  });

  it('tells whether a transaction is open, failed ones included', async () => {
    const inTransaction = async (statement: string): Promise<boolean> => (await backend.run(queryMessage(statement))).inTransaction;
    expect(await inTransaction('BEGIN')).toBe(true);
    expect(await inTransaction('SELECT 1 / 0')).toBe(true);
    expect(await inTransaction('ROLLBACK')).toBe(false);
  });

  it('is vacuumed and its log is cut while nobody works, since no background process does it', async () => {
    const turns = new Turns(backend, 1000);
    await sql('CREATE TABLE churn AS SELECT g AS n, repeat(md5(g::text), 30) AS text FROM generate_series(1, 20000) g');
    for (let round = 0; round < 4; round += 1) await sql('UPDATE churn SET n = n + 1');
    const logBytes = 'SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::bigint FROM pg_control_checkpoint()';
    expect(Number(await sql(logBytes))).toBeGreaterThan(64 * 1024 * 1024);
    const ask = (statement: string): Promise<string | undefined> =>
      new Promise((resolve) => {
        const client = { reply: (bytes: Buffer) => resolve(firstColumn(bytes)), expelled: () => undefined };
        turns.add(client, { bytes: queryMessage(statement), complete: true });
      });
    const stop = keepHouse(turns, 20);
    await vi.waitFor(
      async () => {
        expect(Number(await ask(logBytes))).toBeLessThan(64 * 1024 * 1024);
        expect(await ask("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'churn'")).toBe('0');
        expect(await ask("SELECT reltuples::int FROM pg_class WHERE relname = 'churn'")).toBe('20000');
      },
      { timeout: 20_000, interval: 100 },
    );
    stop();
    await turns.idle();
  });
});
