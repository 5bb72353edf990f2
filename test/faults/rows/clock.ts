import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { fakeTime } from '../lab/fakeTime.js';
import { storedEntries } from '../lab/stored.js';
import type { FaultRow, Scene } from '../row.js';

const STAY_MS = 8000;
const AHEAD = '+26h';
const BEHIND = '-26h';
const RIGHT = '+0';

/** The wall clock of the servers, and of nothing else, jumps ahead and then back behind. */
export const clockRows: readonly FaultRow[] = [
  {
    name: 'clock-jump',
    group: 'Clock',
    title: 'the clock jumps',
    how: 'the wall clock of the servers (libfaketime) jumps 26 h ahead, 8 s later to 26 h behind, and 8 s later to where it should be',
    holdMs: 0,
    expects: {
      alerts: [],
      noAlert: 'nothing is wrong: times of sessions are those of the database, and durations those of the monotonic clock',
      noCallFails: true,
    },
    open: async (place, cleanUp): Promise<Scene> => {
      const postgres = cleanUp.use(await startThrowawayPostgres());
      const folder = join(place.logFolder, 'clock');
      mkdirSync(folder, { recursive: true });
      const file = join(folder, 'offset');
      const set = (offset: string): void => writeFileSync(file, `${offset}\n`);
      set(RIGHT);
      return {
        env: { DATABASE_URL: postgres.url, ...(await fakeTime(file)) },
        replicas: 2,
        inject: async () => {
          set(AHEAD);
          await wait(STAY_MS);
          set(BEHIND);
          await wait(STAY_MS);
        },
        mend: async () => set(RIGHT),
        stored: () => storedEntries({ connectionString: postgres.url }),
      };
    },
  },
];
