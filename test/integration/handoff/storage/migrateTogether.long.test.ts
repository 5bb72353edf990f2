import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { serveClients } from '../../../../src/handoff/storage/embedded/clientServer.js';
import { openPglite } from '../../../../src/handoff/storage/embedded/pgliteBackend.js';
import { readMigrations } from '../../../../src/handoff/storage/migrate/migrationFiles.js';
import { packagedMigrations } from '../../../../src/handoff/storage/migrate/packagedMigrations.js';
import { freshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, sql } from './openDatabase.js';

const run = promisify(execFile);
const hooks = fileURLToPath(new URL('../../../../tools/resolveSource.mjs', import.meta.url));
const script = fileURLToPath(new URL('./migrateProcess.ts', import.meta.url));

async function migrateInProcess(url: string, kind: 'postgres' | 'embedded'): Promise<string[]> {
  const { stdout } = await run(process.execPath, ['--import', hooks, script, url, kind]);
  return JSON.parse(stdout) as string[];
}

describe('processes that migrate one database at once', () => {
  it('apply each file once: twenty on PostgreSQL', async () => {
    const fresh = await freshDatabase();
    try {
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => migrateInProcess(fresh.url, 'postgres')));
      const expected = (await readMigrations(packagedMigrations())).map(({ name }) => name);
      expect(outcomes.flat().sort()).toEqual([...expected].sort());
      const database = await openDatabase(fresh.url);
      expect(
        (await sql<{ name: string }>(database, 'SELECT name FROM handoff_migrations ORDER BY version')).map(({ name }) => name),
      ).toEqual(expected);
      await database.close();
    } finally {
      await fresh.drop();
    }
  }, 120_000);

  it('finish the work of those that are killed in the middle of it', async () => {
    const fresh = await freshDatabase();
    const database = await openDatabase(fresh.url);
    try {
      const expected = (await readMigrations(packagedMigrations())).map(({ name }) => name);
      const doomed = [1, 2, 3].map(() => spawn(process.execPath, ['--import', hooks, script, fresh.url, 'postgres'], { stdio: 'ignore' }));
      const ended = Promise.all(doomed.map((child) => once(child, 'exit')));
      const progress = async (): Promise<number> => {
        const [table] = await sql<{ present: boolean }>(database, "SELECT to_regclass('handoff_migrations') IS NOT NULL AS present");
        return table?.present === true ? (await sql(database, 'SELECT 1 FROM handoff_migrations')).length : 0;
      };
      await expect.poll(progress, { interval: 5, timeout: 20_000 }).toBeGreaterThan(0);
      for (const child of doomed) child.kill('SIGKILL');
      await ended;
      const outcomes = await Promise.all([1, 2, 3].map(() => migrateInProcess(fresh.url, 'postgres')));
      const names = await sql<{ name: string }>(database, 'SELECT name FROM handoff_migrations ORDER BY version');
      expect(names.map(({ name }) => name)).toEqual(expected);
      expect(new Set(outcomes.flat()).size).toBe(outcomes.flat().length);
      expect(await sql(database, 'SELECT 1 FROM pg_index WHERE NOT indisvalid')).toEqual([]);
    } finally {
      await database.close();
      await fresh.drop();
    }
  }, 120_000);

  it('apply each file once on the embedded database, which grants advisory locks to everybody', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'handoff-migrate-'));
    const backend = await openPglite(folder, {
      onLine: () => undefined,
      onCrash: (error) => {
        throw error;
      },
    });
    const server = await serveClients(join(folder, '.s.PGSQL.5432'), backend, 10_000);
    const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
    try {
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => migrateInProcess(url, 'embedded')));
      const files = await readMigrations(packagedMigrations());
      const inTransaction = files.filter((file) => file.inTransaction).map(({ name }) => name);
      expect(
        outcomes
          .flat()
          .filter((name) => inTransaction.includes(name))
          .sort(),
      ).toEqual([...inTransaction].sort());
      const database = await openDatabase(url, { kind: 'embedded' });
      expect(
        (await sql<{ name: string }>(database, 'SELECT name FROM handoff_migrations ORDER BY version')).map(({ name }) => name),
      ).toEqual(files.map(({ name }) => name));
      await database.close();
    } finally {
      await server.stop();
      await backend.close();
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});
