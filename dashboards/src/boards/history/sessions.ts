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
          'By day, or by hour for ranges of up to 14 days. Expired sessions count as ended. If fewer end than are opened, look at the sweeps on the lifecycle board.',
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
        description: 'The ten agents that opened the most sessions in the range.',
        unit: 'short',
        stacked: true,
        queries: [groupsOverTime(count('sessions', 'opened'), 'agent')],
      }),
      lines({
        ...common,
        title: 'Mean length',
        description:
          'The time from opening a session to its completion, or to its last activity if it expired. Only sessions that ended in the range.',
        unit: 's',
        queries: [quotientOverTime('length', [total('transitions', 'session_us')], [count('transitions', 'session_us')], 1e-6)],
      }),
    ],
  };
}
