import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { errorMessage } from '../../../errors/classify.js';
import { MigrationFolderError } from '../../../errors/migrationErrors.js';

/** Texts by file name. */
export type MigrationTexts = Readonly<Record<string, string>>;

/** Reads the texts of all migrations in a folder. */
export async function readTexts(folder: URL): Promise<MigrationTexts> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new MigrationFolderError(fileURLToPath(folder), errorMessage(error), error);
  });
  const sqlNames = names.filter((name) => name.endsWith('.sql') && name !== 'schema.sql').sort();
  return Object.fromEntries(
    await Promise.all(sqlNames.map(async (name) => [name, await readFile(new URL(name, folder), 'utf8')] as const)),
  );
}
