import type { Check } from '../examination/check.js';
import type { Finding } from '../examination/finding.js';

interface Look extends Pick<Check, 'name' | 'looksWhether'> {
  readonly look: (folder: string) => Promise<readonly Finding[]>;
}

const LIMIT_MS = 5000;

/** A check of the folder of the embedded database, which is not used with PostgreSQL. */
export function onDataFolder({ name, looksWhether, look }: Look): Check {
  return {
    name,
    looksWhether,
    group: 'data folder',
    limitMs: LIMIT_MS,
    needs: ['HANDOFF_DATA_DIR'],
    run: async ({ usesPostgres, settings }) => (usesPostgres ? [] : look(settings.HANDOFF_DATA_DIR)),
  };
}
