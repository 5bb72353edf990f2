import { errorCode } from '../../../../errors/classify.js';
import type { Database } from '../../../storage/database.js';
import type { Check } from '../examination/check.js';
import type { Examination } from '../examination/examination.js';
import { skipped } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';

interface Look extends Pick<Check, 'name' | 'looksWhether'> {
  readonly look: (database: Database, examination: Examination) => Promise<readonly Finding[]>;
}

/** Connecting has a limit of its own, of a minute at most, and the statements of a check are short. */
const LIMIT_MS = 75_000;

/** SQLSTATE `insufficient_privilege`. */
const NOT_ALLOWED = '42501';

/** A check that asks PostgreSQL something. It is skipped where there is no connection, which `database.connect` reports. */
export function onDatabase({ name, looksWhether, look }: Look): Check {
  return {
    name,
    looksWhether,
    group: 'database',
    limitMs: LIMIT_MS,
    needs: ['DATABASE_URL', 'DB_HOST', 'DB_PORT', 'DB_PASSWORD'],
    run: async (examination) => {
      if (!examination.usesPostgres) return [];
      let database: Database;
      try {
        database = await examination.database();
      } catch {
        return [skipped('Not looked at, because there is no connection to the database.')];
      }
      try {
        return await look(database, examination);
      } catch (error) {
        if (errorCode(error) !== NOT_ALLOWED) throw error;
        return [skipped('Not looked at, because the role has no right to (database.rights says which it lacks).')];
      }
    },
  };
}
