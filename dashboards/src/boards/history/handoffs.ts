import { lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { count, groupTable, quotientOverTime, totalsOverTime } from '../../rollups/sql.js';
import { accepted, common, decided } from './common.js';

export function handoffsRow(): RowSpec {
  return {
    title: 'Handoffs',
    panels: [
      lines({
        ...common,
        title: 'Decided, by outcome',
        description: 'Counted when the target responds or the handoff times out. Handoffs without a response so far are not included.',
        unit: 'short',
        stacked: true,
        queries: totalsOverTime({
          accepted,
          rejected: count('handoffs', 'rejected'),
          'timed out': count('handoffs', 'timed_out'),
        }),
      }),
      lines({
        ...common,
        title: 'Accepted, of those decided',
        description: 'It should be steady. If it falls, look for the route whose handoffs are rejected or time out.',
        unit: 'percentunit',
        min: 0,
        max: 1,
        queries: [quotientOverTime('accepted', [accepted], decided)],
      }),
      {
        kind: 'table',
        width: 8,
        ...common,
        title: 'Routes',
        description: 'The fifty pairs of source and target agent with the most requests in the range.',
        unit: 'short',
        queries: [
          groupTable('Route', 'route', {
            Requested: count('handoffs', 'requested'),
            Accepted: accepted,
            Rejected: count('handoffs', 'rejected'),
            'Timed out': count('handoffs', 'timed_out'),
          }),
        ],
      },
    ],
  };
}
