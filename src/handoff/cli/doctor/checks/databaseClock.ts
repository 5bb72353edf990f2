import type { Statement } from '../../../storage/database.js';
import type { Clock } from '../../../../time/clock.js';
import type { Check } from '../examination/check.js';
import { fine, warning } from '../examination/finding.js';
import { onDatabase } from './onDatabase.js';

const NOW: Statement = {
  name: 'handoff_doctor_clock',
  text: 'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now_ms',
};

/** Due times are the database's. From here on, spans and log records of the two no longer fit together. */
const MOST_SKEW_MS = 1000;

export function clockCheck(clock: Pick<Clock, 'nowMs' | 'monotonicMs'>): Check {
  return onDatabase({
    name: 'database.clock',
    looksWhether: 'the clocks of this machine and of the database agree within a second',
    look: async (database) => {
      const startMs = clock.monotonicMs();
      const [row] = await database.query<{ readonly now_ms: number }>(NOW);
      const tookMs = clock.monotonicMs() - startMs;
      const skewMs = (row?.now_ms ?? 0) - (clock.nowMs() - tookMs / 2);
      // The answer may have been made at any moment of the time that it took.
      const atLeastMs = Math.max(0, Math.abs(skewMs) - tookMs / 2);
      if (atLeastMs <= MOST_SKEW_MS) return [fine('The clocks of this machine and of the database agree.')];
      return [
        warning(
          `The clock of the database is ${(Math.abs(skewMs) / 1000).toFixed(1)} s ${skewMs > 0 ? 'ahead of' : 'behind'} that of this machine.`,
          'Let both follow the same time servers (NTP). Sessions end by the clock of the database; traces and logs have that of this machine.',
        ),
      ];
    },
  });
}
