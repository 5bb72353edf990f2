import { lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { count, groupsOverTime, quotientOverTime, total, totalsOverTime } from '../../rollups/sql.js';
import { common } from './common.js';

export function contextRow(): RowSpec {
  return {
    title: 'Context',
    panels: [
      lines({
        ...common,
        title: 'Entries written, by type',
        description: 'What agents add to sessions (messages, files and tool calls), and the entries that the server adds itself.',
        unit: 'short',
        stacked: true,
        queries: [groupsOverTime(count('context', 'content_bytes'), 'context_type')],
      }),
      lines({
        ...common,
        title: 'Bytes written',
        description: 'Content of the entries. If it grows, look at the storage used on the lifecycle board, and at retention.',
        unit: 'bytes',
        queries: totalsOverTime({ written: total('context', 'content_bytes') }),
      }),
      lines({
        ...common,
        title: 'Mean size of an entry',
        description: 'A jump means that an agent writes something different than before.',
        unit: 'bytes',
        queries: [quotientOverTime('mean', [total('context', 'content_bytes')], [count('context', 'content_bytes')])],
      }),
    ],
  };
}
