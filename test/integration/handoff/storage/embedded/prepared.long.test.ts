import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openEmbeddedDatabase } from '../../../../../src/handoff/storage/embedded/openEmbeddedDatabase.js';
import { unpackPrepared } from '../../../../../src/handoff/storage/embedded/preparedFolder.js';
import { dumpSchema } from '../dumpSchema.js';
import { migrate, requireMigrated } from '../../../../../src/handoff/storage/migrate/migrate.js';
import { packagedMigrations } from '../../../../../src/handoff/storage/migrate/packagedMigrations.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { prepare } from '../../../../../tools/prepared/prepare.js';
import { createScratch } from './scratch.js';

const scratch = createScratch();
const deps = { clock: systemClock, random: Math.random, onConnectionLost: () => undefined };
const golden = readFileSync('migrations/schema.sql', 'utf8');
let packed: URL;

beforeAll(async () => {
  const file = join(await scratch.emptyFolder(), 'prepared.br');
  prepare(file);
  packed = pathToFileURL(file);
}, 300_000);
afterAll(() => scratch.cleanUp());

/** The names of this month's partitions and the next three months', of the three tables, which the migrations make. */
function partitionsNow(): string[] {
  const now = new Date();
  const months = [0, 1, 2, 3].map((ahead) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1)).toISOString());
  return ['performance_logs', 'session_lifecycle', 'system_metrics'].flatMap((table) =>
    months.map((month) => `${table}_y${month.slice(0, 4)}m${month.slice(5, 7)}`),
  );
}

const partitions = {
  name: 'test.partitions',
  text: "SELECT relname AS name FROM pg_class WHERE relname ~ '_y[0-9]{4}m[0-9]{2}$' AND relkind = 'r' ORDER BY 1",
};

describe('a database that begins with the prepared one', () => {
  it('has all migrations, the same schema as one made from nothing, and the partitions of today', async () => {
    const told: string[] = [];
    const options = { dataDir: await scratch.emptyFolder(), prepared: packed };
    const database = await openEmbeddedDatabase(options, { ...deps, onCreating: () => void told.push('creating') });
    try {
      await requireMigrated(database);
      expect(await dumpSchema(database)).toBe(golden);
      // Made when nobody waits; before, rows go to the default partitions.
      await vi.waitFor(
        async () => expect((await database.query<{ name: string }>(partitions)).map(({ name }) => name)).toEqual(partitionsNow()),
        { timeout: 60_000, interval: 200 },
      );
      await vi.waitFor(() => expect(existsSync(join(options.dataDir, 'embedded', 'unfinished.sql'))).toBe(false), { timeout: 10_000 });
      const [age] = await database.query<{ recent: boolean }>({
        name: 'test.age',
        text: "SELECT min(applied_at) > now() - interval '1 hour' AS recent FROM handoff_migrations",
      });
      expect([age?.recent, told]).toEqual([true, ['creating']]);
    } finally {
      await database.close();
    }
    // The next one finds it.
    const again = await openEmbeddedDatabase(options, { ...deps, onCreating: () => void told.push('again') });
    await again.close();
    expect(told).toEqual(['creating']);
  }, 120_000);

  it('is migrated as usual when it is of an older release than the migrations', async () => {
    const folder = await scratch.emptyFolder();
    const names = (await readdir(packagedMigrations())).filter((name) => /^\d/.test(name));
    for (const name of names) await cp(new URL(name, packagedMigrations()), join(folder, name));
    writeFileSync(
      join(folder, `${String(names.length + 1).padStart(6, '0')}_of_the_next_release.sql`),
      'CREATE TABLE of_the_next_release (n int);\n',
    );
    const database = await openEmbeddedDatabase({ dataDir: await scratch.emptyFolder(), prepared: packed }, deps);
    try {
      expect((await migrate(database, { folder: pathToFileURL(`${folder}/`) }, deps)).applied).toEqual(['of_the_next_release']);
      expect(await database.query({ name: 'test.next', text: 'SELECT * FROM of_the_next_release' })).toEqual([]);
    } finally {
      await database.close();
    }
  }, 120_000);
});

describe('unpackPrepared', () => {
  it('writes nothing when there is no prepared database, or one for another version of PGlite', async () => {
    const folder = await scratch.emptyFolder();
    const bytes = brotliDecompressSync(readFileSync(packed));
    const header = { ...(JSON.parse(bytes.toString('utf8', 4, 4 + bytes.readUInt32BE(0))) as object), pgliteVersion: '0.0.1' };
    const text = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    writeFileSync(join(folder, 'other.br'), brotliCompressSync(Buffer.concat([length, text])));
    for (const name of ['other.br', 'none.br']) {
      expect(await unpackPrepared(pathToFileURL(join(folder, name)), join(folder, 'pgdata'))).toBeUndefined();
    }
    expect(existsSync(join(folder, 'pgdata'))).toBe(false);
  });

  it('lets nobody else into what it writes', async () => {
    const folder = join(await scratch.emptyFolder(), 'pgdata');
    await unpackPrepared(packed, folder);
    expect([(await stat(folder)).mode & 0o777, (await stat(join(folder, 'PG_VERSION'))).mode & 0o777]).toEqual([0o700, 0o600]);
  });
});
