import { DatabaseNewerError, MigrationChangedError, MigrationMissingError } from '../../../errors/migrationErrors.js';
import type { Queryable } from '../database.js';
import { pendingMigrations, readHistory } from './history.js';
import { readMigrations } from './migrationFiles.js';
import type { Migration } from './migrationFiles.js';

/** How the migrations in the database compare with those of this package. */
export interface MigrationState {
  readonly kind: 'current' | 'pending' | 'newer' | 'changed';
  /** How many the database lacks; absent where the two cannot be compared. */
  readonly pending?: number;
}

/** Returns a function that compares anew each time; the files are read once. */
export function migrationStateReader(q: Queryable): () => Promise<MigrationState> {
  let files: readonly Migration[] | undefined;
  return async () => {
    files ??= await readMigrations();
    const applied = await readHistory(q);
    try {
      const { length } = pendingMigrations(files, applied);
      return { kind: length === 0 ? 'current' : 'pending', pending: length };
    } catch (error) {
      if (error instanceof DatabaseNewerError) return { kind: 'newer' };
      if (error instanceof MigrationMissingError || error instanceof MigrationChangedError) return { kind: 'changed' };
      throw error;
    }
  };
}
