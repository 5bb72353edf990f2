import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { MigrationFolderError, type MigrationId } from '../../../errors/migrationErrors.js';
import { readTexts } from './migrationTexts.js';
import type { MigrationTexts } from './migrationTexts.js';

/** One file of the migrations folder. */
export interface Migration extends MigrationId {
  readonly text: string;
  /** SHA-256 of the text in hex, with line ends normalised so that a checkout on Windows has the same checksum. */
  readonly checksum: string;
  /** False for a file with the marker line: `CREATE INDEX CONCURRENTLY` and the like, one statement, safe to repeat. */
  readonly inTransaction: boolean;
}

const fileName = /^(\d{6})_([a-z0-9_]+)\.sql$/;
const noTransactionMarker = /^-- handoff:no-transaction$/m;

/** Reads all migrations of `folder`, by default this package's, in numerical order. `schema.sql` is the golden dump, not a migration. */
export async function readMigrations(folder?: URL): Promise<readonly Migration[]> {
  if (folder !== undefined) return migrationsOf(await readTexts(folder), fileURLToPath(folder));
  // Imported so that a bundler includes the texts; imported lazily because they are 40 kB that a program may never need.
  const { packagedTexts } = await import('./packagedMigrations.js');
  return migrationsOf(await packagedTexts(), 'the package');
}

function migrationsOf(texts: MigrationTexts, shown: string): readonly Migration[] {
  const migrations = Object.entries(texts).map(([name, text]) => migrationOf(name, text, shown));
  if (migrations.length === 0) throw new MigrationFolderError(shown, 'it contains no migrations');
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
