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

const fileName = /^(\d{6})_([a-z0-9_]+)\.sql$/;
const noTransactionMarker = /^-- handoff:no-transaction$/m;

/** Texts by the names of their files. */
export type MigrationTexts = Readonly<Record<string, string>>;

/** All migrations in the order of their numbers: of `folder`, or else those of this package. `schema.sql` is the golden dump, not a migration. */
export async function readMigrations(folder?: URL): Promise<readonly Migration[]> {
  if (folder !== undefined) return migrationsOf(await readTexts(folder), fileURLToPath(folder));
  // Imported, so that a bundler takes the texts along; only now, because they are 40 kB that a program may never ask for.
  const { packagedTexts } = await import('./packagedMigrations.js');
  return migrationsOf(await packagedTexts(), 'the package');
}

/** The texts of all migrations in a folder. */
export async function readTexts(folder: URL): Promise<MigrationTexts> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new MigrationFolderError(fileURLToPath(folder), errorMessage(error), error);
  });
  const sqlNames = names.filter((name) => name.endsWith('.sql') && name !== 'schema.sql').sort();
  return Object.fromEntries(
    await Promise.all(sqlNames.map(async (name) => [name, await readFile(new URL(name, folder), 'utf8')] as const)),
  );
}

function migrationsOf(texts: MigrationTexts, shown: string): readonly Migration[] {
  const migrations = Object.entries(texts).map(([name, text]) => migrationOf(name, text, shown));
  if (migrations.length === 0) throw new MigrationFolderError(shown, 'it holds no migrations');
  migrations.forEach(({ version }, index) => {
    if (version !== index + 1)
      throw new MigrationFolderError(shown, `expected number ${index + 1}, found ${version}: a number is missing or used twice`);
  });
  return migrations;
}

function migrationOf(name: string, source: string, shown: string): Migration {
  const [, number, title] = fileName.exec(name) ?? [];
  if (number === undefined || title === undefined) throw new MigrationFolderError(shown, `${name} has no number`);
  const text = source.replaceAll('\r\n', '\n');
  return {
    version: Number(number),
    name: title,
    text,
    checksum: createHash('sha256').update(text).digest('hex'),
    inTransaction: !noTransactionMarker.test(text),
  };
}
