import { lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { count, groupsOverTime, quotientOverTime, total, totalsOverTime } from '../../rollups/sql.js';
import { common } from './common.js';

export function sessionsRow(): RowSpec {
  return {
    title: 'Sessions',
    panels: [
      lines({
        ...common,
        title: 'Opened and ended',
        description:
          'By day, or by hour for up to 14 days; those that expired have ended too. Where fewer end than are opened, look at the sweeps on the lifecycle board.',
        unit: 'short',
        queries: totalsOverTime({
          opened: count('sessions', 'opened'),
          ended: count('transitions', 'session_entries'),
          expired: count('transitions', 'expired'),
          archived: count('transitions', 'archived'),
        }),
      }),
      lines({
        ...common,
        title: 'Opened, by agent',
        description: 'The ten agents that opened most in the range.',
        unit: 'short',
        stacked: true,
        queries: [groupsOverTime(count('sessions', 'opened'), 'agent')],
      }),
      lines({
        ...common,
        title: 'Mean length',
        description: 'Of sessions that ended: to their completion, or to the last activity of those that expired.',
        unit: 's',
        queries: [quotientOverTime('length', [total('transitions', 'session_us')], [count('transitions', 'session_us')], 1e-6)],
      }),
    ],
  };
}
