import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { MigrationFolderError } from '../../../../../src/errors/migrationErrors.js';
import { readMigrations } from '../../../../../src/handoff/storage/migrate/migrationFiles.js';
import { packagedMigrations } from '../../../../../src/handoff/storage/migrate/packagedMigrations.js';

const folders: string[] = [];

function folderWith(files: Readonly<Record<string, string>>): URL {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-migrations-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return pathToFileURL(`${folder}/`);
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('readMigrations', () => {
  it('reads the files in order, without the golden dump', async () => {
    const read = await readMigrations(
      folderWith({ '000002_b.sql': 'SELECT 2', '000001_a.sql': 'SELECT 1', 'schema.sql': 'SELECT 0', 'README.md': '' }),
    );
    expect(read.map(({ version, name, text }) => [version, name, text])).toEqual([
      [1, 'a', 'SELECT 1'],
      [2, 'b', 'SELECT 2'],
    ]);
  });

  it('gives a file the same checksum whatever its line ends', async () => {
    const [unix] = await readMigrations(folderWith({ '000001_a.sql': 'SELECT\n1;\n' }));
    const [windows] = await readMigrations(folderWith({ '000001_a.sql': 'SELECT\r\n1;\r\n' }));
    const [other] = await readMigrations(folderWith({ '000001_a.sql': 'SELECT\n2;\n' }));
    expect(windows?.checksum).toBe(unix?.checksum);
    expect(other?.checksum).not.toBe(unix?.checksum);
    expect(unix?.checksum).toMatch(/^[0-9a-f]{64}$/);
  });

  it('runs a file in a transaction unless a line of its own says otherwise', async () => {
    const read = await readMigrations(
      folderWith({ '000001_a.sql': '-- see handoff:no-transaction', '000002_b.sql': '-- why\n-- handoff:no-transaction\nSELECT 1' }),
    );
    expect(read.map(({ inTransaction }) => inTransaction)).toEqual([true, false]);
  });

  it.each([
    [{ '000001_a.sql': '', '000003_c.sql': '' }, 'expected number 2, found 3'],
    [{ '000001_a.sql': '', '000001_b.sql': '' }, 'expected number 2, found 1'],
    [{ '1_a.sql': '' }, '1_a.sql has no number'],
    [{}, 'no migrations'],
  ])('refuses %j', async (files, problem) => {
    const attempt = readMigrations(folderWith(files));
    await expect(attempt).rejects.toBeInstanceOf(MigrationFolderError);
    await expect(attempt).rejects.toThrow(problem);
  });

  it('says which folder is missing', async () => {
    await expect(readMigrations(new URL('file:///nowhere/migrations/'))).rejects.toThrow('/nowhere/migrations/');
  });
});

describe('the migrations of this package', () => {
  it('keep statements that forbid a transaction alone in a file of their own, safe to repeat', async () => {
    for (const { name, text, inTransaction } of await readMigrations(packagedMigrations())) {
      const sql = text.replaceAll(/^\s*--.*$/gm, '');
      expect(/CONCURRENTLY/.test(sql), name).toBe(!inTransaction);
      if (!inTransaction) {
        expect(
          sql.split(';').filter((statement) => statement.trim() !== ''),
          name,
        ).toHaveLength(1);
        expect(sql, name).toMatch(/IF (NOT )?EXISTS/);
      }
    }
  });

  it('say what they are for', async () => {
    for (const { name, text } of await readMigrations(packagedMigrations())) expect(text.startsWith('-- '), name).toBe(true);
  });
});
