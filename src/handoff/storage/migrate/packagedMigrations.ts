import { readTexts } from './migrationTexts.js';
import type { MigrationTexts } from './migrationTexts.js';

// In the package, `tools/bundle.ts` puts a file in the place of this one that has the texts themselves: a path beside this file means
// nothing once a bundler has put it into a program.

/** The repository's folder of migrations. */
export function packagedMigrations(): URL {
  return new URL('../../../../migrations/', import.meta.url);
}

/** The texts of this package's migrations. */
export async function packagedTexts(): Promise<MigrationTexts> {
  return readTexts(packagedMigrations());
}
