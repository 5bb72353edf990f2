import { readTexts } from './migrationTexts.js';
import type { MigrationTexts } from './migrationTexts.js';

// In the package, `tools/bundle.ts` replaces this file with one that contains the texts themselves: a relative path is meaningless
// once a bundler has put this file into a program.

/** The repository's migrations folder. */
export function packagedMigrations(): URL {
  return new URL('../../../../migrations/', import.meta.url);
}

/** Returns the texts of this package's migrations. */
export async function packagedTexts(): Promise<MigrationTexts> {
  return readTexts(packagedMigrations());
}
