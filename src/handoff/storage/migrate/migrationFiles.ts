import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '../../../errors/classify.js';
import { MigrationFolderError, type MigrationId } from '../../../errors/migrationErrors.js';

/** One file of the migrations folder. */
export interface Migration extends MigrationId {
  readonly text: string;
  /** SHA-256 of the text in hex, line ends normalised so that a checkout on Windows has the same. */
  readonly checksum: string;
  /** False for a file with the marker line: `CREATE INDEX CONCURRENTLY` and the like, one statement, safe to repeat. */
  readonly inTransaction: boolean;
}

/** The folder that comes with the package; the same distance from `src/` and from `dist/`. */
export function packagedMigrations(): URL {
  return new URL('../../../../migrations/', import.meta.url);
}

const fileName = /^(\d{6})_([a-z0-9_]+)\.sql$/;
const noTransactionMarker = /^-- handoff:no-transaction$/m;

/** All migrations in the order of their numbers. `schema.sql` is the golden dump, not a migration. */
export async function readMigrations(folder: URL): Promise<readonly Migration[]> {
  const shown = fileURLToPath(folder);
  const names = await readdir(folder).catch((error: unknown) => {
    throw new MigrationFolderError(shown, errorMessage(error), error);
  });
  const sqlNames = names.filter((name) => name.endsWith('.sql') && name !== 'schema.sql').sort();
  const migrations = await Promise.all(sqlNames.map((name) => readMigration(folder, name, shown)));
  if (migrations.length === 0) throw new MigrationFolderError(shown, 'it holds no migrations');
  migrations.forEach(({ version }, index) => {
    if (version !== index + 1)
      throw new MigrationFolderError(shown, `expected number ${index + 1}, found ${version}: a number is missing or used twice`);
  });
  return migrations;
}

async function readMigration(folder: URL, name: string, shown: string): Promise<Migration> {
  const [, number, title] = fileName.exec(name) ?? [];
  if (number === undefined || title === undefined) throw new MigrationFolderError(shown, `${name} has no number`);
  const text = (await readFile(new URL(name, folder), 'utf8')).replaceAll('\r\n', '\n');
  return {
    version: Number(number),
    name: title,
    text,
    checksum: createHash('sha256').update(text).digest('hex'),
    inTransaction: !noTransactionMarker.test(text),
  };
}
