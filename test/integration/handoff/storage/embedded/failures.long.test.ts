import { cpSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedDatabase } from '../../../../../src/handoff/storage/embedded/openEmbeddedDatabase.js';
import { expectWithin } from '../../../../setup/expectWithin.js';
import { createScratch } from './scratch.js';

const scratch = createScratch();
// Here and not in the first test: making it takes half a minute on a machine that is busy with other tests.
beforeAll(async () => void (await scratch.folder()));
afterAll(() => scratch.cleanUp());

/** By default. */
const CLOSE_TIMEOUT_MS = 2000;

const text = (sql: string): { name: string; text: string } => ({ name: 'test', text: sql });
const insert = text('INSERT INTO notes VALUES ($1, $2)');

/** Every path below `folder`. */
async function contents(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}

/** A write-ahead log that cannot be written makes PostgreSQL panic, as a broken or full disk would. */
async function panic(database: EmbeddedDatabase, dataDir: string): Promise<string> {
  const log = join(dataDir, 'embedded', 'pgdata', 'pg_wal');
  await rename(log, `${log}.away`);
  const broken = database.query(text('SELECT pg_switch_wal()')).then(() => database.query(insert, ['lost', 1]));
  await expect(broken).rejects.toMatchObject({ code: 'HANDOFF_DATABASE_INTERRUPTED' });
  return log;
}

describe('opening an embedded database that cannot be opened', () => {
  it('says that a newer version wrote it, and leaves it alone', async () => {
    const dataDir = await scratch.folder();
    const versionFile = join(dataDir, 'embedded', 'pgdata', 'PG_VERSION');
    await writeFile(versionFile, '99\n');
    await expect(scratch.open(dataDir)).rejects.toMatchObject({ code: 'HANDOFF_EMBEDDED_OPEN', data: { reason: 'newer_format', dataDir } });
    expect(await readFile(versionFile, 'utf8')).toBe('99\n');
  });

  it('says that its files are damaged, for a control file cut off and for a lost write-ahead log', async () => {
    const cut = await scratch.folder();
    await truncate(join(cut, 'embedded', 'pgdata', 'global', 'pg_control'), 100);
    await expect(scratch.open(cut)).rejects.toMatchObject({ code: 'HANDOFF_EMBEDDED_OPEN', data: { reason: 'damaged' } });

    const lost = await scratch.folder();
    const logFolder = join(lost, 'embedded', 'pgdata', 'pg_wal');
    for (const name of await readdir(logFolder)) if (/^[0-9A-F]{24}$/.test(name)) await truncate(join(logFolder, name), 0);
    await expect(scratch.open(lost)).rejects.toMatchObject({ code: 'HANDOFF_EMBEDDED_OPEN', data: { reason: 'damaged' } });
  });

  it.each<[string, (pgdata: string) => Promise<unknown>, RegExp]>([
    ['PG_VERSION is gone', (pgdata) => rm(join(pgdata, 'PG_VERSION')), /pgdata has no file PG_VERSION/],
    ['its folder is empty', (pgdata) => rm(pgdata, { recursive: true }).then(() => mkdir(pgdata)), /pgdata is empty/],
    [
      'its folder is a file',
      (pgdata) => rm(pgdata, { recursive: true }).then(() => writeFile(pgdata, 'x')),
      /pgdata is a file, not a folder/,
    ],
    [
      'its folder is a link',
      (pgdata) => rename(pgdata, `${pgdata}.else`).then(() => symlink(`${pgdata}.else`, pgdata)),
      /pgdata is a link: /,
    ],
    [
      'its folder is a link to nowhere',
      (pgdata) => rm(pgdata, { recursive: true }).then(() => symlink(`${pgdata}.else`, pgdata)),
      /pgdata is a link: /,
    ],
  ])('calls it damaged and leaves what is there when %s', async (_what, damage, words) => {
    const dataDir = await scratch.folder();
    const pgdata = join(dataDir, 'embedded', 'pgdata');
    await damage(pgdata);
    const before = await contents(dataDir);
    const failure: unknown = await scratch.open(dataDir).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'HANDOFF_EMBEDDED_OPEN',
      data: { reason: 'damaged' },
      message: expect.stringMatching(words) as string,
    });
    expect((await contents(dataDir)).filter((name) => !/owner\.(?:lock|pid)$/.test(name))).toEqual(before);
  });

  it.each<[string, (lock: string) => Promise<unknown>]>([
    ['holds something else', (lock) => writeFile(lock, 'x'.repeat(5000))],
    ['is a folder', (lock) => mkdir(lock)],
  ])('says which file to remove when the lock file %s, and not to look for permissions', async (_what, damage) => {
    const dataDir = await scratch.folder();
    const lock = join(dataDir, 'embedded', 'owner.lock');
    await damage(lock);
    const failure: unknown = await scratch.open(dataDir).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'HANDOFF_EMBEDDED_OPEN',
      data: { reason: 'lock_damaged' },
      message: expect.stringContaining(`${lock}: `) as string,
    });
    await rm(lock, { recursive: true });
    expect(await (await scratch.open(dataDir)).query(text('SELECT count(*)::int AS rows FROM notes'))).toEqual([{ rows: 0 }]);
  });

  it('says that the folder cannot be made when its path is a file', async () => {
    const file = join(await scratch.emptyFolder(), 'file');
    await writeFile(file, '');
    await expect(scratch.open(file)).rejects.toMatchObject({ code: 'HANDOFF_EMBEDDED_OPEN', data: { reason: 'not_writable' } });
  });

  it('lets nobody else into a folder that was open to all', async () => {
    const dataDir = await scratch.folder();
    const home = join(dataDir, 'embedded');
    await chmod(home, 0o777);
    await scratch.open(dataDir);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
  });
});

describe('a folder too deep for a socket', () => {
  it('is served from a short private one, and leaves no socket behind', async () => {
    const deep = join(await scratch.emptyFolder(), 'd'.repeat(100));
    cpSync(await scratch.folder(), deep, { recursive: true });
    const owner = await scratch.open(deep);
    const guest = await scratch.open(deep);
    await guest.query(insert, ['deep', 1]);
    const address = await readFile(join(deep, 'embedded', 'address'), 'utf8');
    expect(address.length).toBeLessThan(100);
    expect((await stat(dirname(address))).mode & 0o777).toBe(0o700);
    await guest.close();
    await owner.close();
    await expect(stat(dirname(address))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is served from another place after the owner was killed, and what that one left is removed', async () => {
    const deep = join(await scratch.emptyFolder(), 'd'.repeat(100));
    cpSync(await scratch.folder(), deep, { recursive: true });
    const killed = scratch.process();
    await killed.tell({ do: 'open', dataDir: deep });
    const before = await readFile(join(deep, 'embedded', 'address'), 'utf8');
    await killed.kill('SIGKILL');
    const next = await scratch.open(deep);
    const after = await readFile(join(deep, 'embedded', 'address'), 'utf8');
    expect(dirname(after)).not.toBe(dirname(before));
    await expect(stat(dirname(before))).rejects.toMatchObject({ code: 'ENOENT' });
    await next.close();
  });
});

describe('an embedded database that breaks while open', () => {
  it('is started again after the engine ended in the middle of a statement', async () => {
    const dataDir = await scratch.folder();
    const database = await scratch.open(dataDir);
    await database.query(insert, ['kept', 1]);
    const log = await panic(database, dataDir);
    await rename(`${log}.away`, log);
    expect(await database.query(text('SELECT writer FROM notes'))).toEqual([{ writer: 'kept' }]);
    expect(database.role()).toBe('owner');
  });

  it('tells why when nobody could serve it for as long as a call waits', async () => {
    const dataDir = await scratch.folder();
    const database = await scratch.open(dataDir, { waitMs: 3000 });
    await panic(database, dataDir);
    await expect(database.query(insert, ['unsent', 1])).rejects.toMatchObject({
      code: 'HANDOFF_DATABASE_UNAVAILABLE',
      cause: { code: 'HANDOFF_EMBEDDED_UNAVAILABLE', cause: { code: 'HANDOFF_EMBEDDED_OPEN', data: { reason: 'damaged' } } },
    });
  });

  it('ends a statement that runs too long, and goes on', async () => {
    const database = await scratch.open(await scratch.folder(), { statementLimitMs: 600 });
    const endless = database.query(text('SELECT count(*) FROM generate_series(1, 100000000000)'));
    await expect(endless).rejects.toMatchObject({ code: 'HANDOFF_DATABASE_INTERRUPTED' });
    expect(await database.query(text('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  it('keeps the main thread free while a statement runs', async () => {
    const database = await scratch.open(await scratch.folder());
    const startMs = performance.now();
    const slow = database.query(text('SELECT count(*) FROM generate_series(1, 8000000)')).then(() => performance.now() - startMs);
    let longestGapMs = 0;
    let lastMs = performance.now();
    const timer = setInterval(() => {
      longestGapMs = Math.max(longestGapMs, performance.now() - lastMs);
      lastMs = performance.now();
    }, 5);
    const slowMs = await slow;
    clearInterval(timer);
    expect(longestGapMs).toBeLessThan(slowMs / 2);
  });
});

describe('a process with the embedded database', () => {
  it('prints nothing, and ends by itself once closed', async () => {
    const server = scratch.process();
    await server.tell({ do: 'open', dataDir: await scratch.folder() });
    await server.tell({ do: 'sql', text: 'SELECT 1' });
    await server.tell({ do: 'close' });
    expect(await server.hangUp()).toBe(0);
    expect(server.printed).toEqual({ stdout: '', stderr: '' });
  });

  it('ends by itself without being closed, and loses nothing', async () => {
    const dataDir = await scratch.folder();
    const server = scratch.process();
    await server.tell({ do: 'open', dataDir });
    await server.tell({ do: 'sql', text: "INSERT INTO notes VALUES ('left', 1)" });
    expect(await server.hangUp()).toBe(0);
    const database = await scratch.open(dataDir);
    expect(await database.query(text('SELECT writer FROM notes'))).toEqual([{ writer: 'left' }]);
  });

  it('closes within its bound while a transaction is left open in another process and statements are under way', async () => {
    const dataDir = await scratch.folder();
    const [owner, guest] = [scratch.process(), scratch.process()];
    await owner.tell({ do: 'open', dataDir });
    await guest.tell({ do: 'open', dataDir });
    await guest.tell({ do: 'holdTransaction', writer: 'holder' });
    const load = owner.tell({ do: 'write', writer: 'load', from: 1, to: 500, atOnce: 8 });
    const startMs = performance.now();
    await owner.tell({ do: 'close' });
    expectWithin(performance.now() - startMs, CLOSE_TIMEOUT_MS, 1000);
    await load;
    expect(await guest.tell({ do: 'sql', text: "SELECT * FROM notes WHERE writer = 'holder'" })).toEqual([]);
  });
});
