import { lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { count, groupTable, groupsOverTime, meansOverTime } from '../../rollups/sql.js';
import { common } from './common.js';

export function loadRow(): RowSpec {
  return {
    title: 'Load',
    panels: [
      lines({
        ...common,
        title: 'Operations with the most calls',
        description: 'The ten operations with most calls in the range; the databases and runtime boards say what is slow now.',
        unit: 'short',
        stacked: true,
        queries: [groupsOverTime(count('performance', 'duration_us'), 'operation')],
      }),
      lines({
        ...common,
        title: 'CPU and disk used',
        description: 'Averages of the samples of all servers. If the disk usage rises steadily, shorten the retention or add space.',
        unit: 'percent',
        queries: [meansOverTime('resources', 'value', 'metric', ['cpu_used_percent', 'disk_used_percent'])],
      }),
      {
        kind: 'table',
        width: 8,
        ...common,
        title: 'Calls and failures, by operation',
        description: 'For the whole range. Failures are those that the operation reported, even if the call was repeated later.',
        unit: 'short',
        queries: [
          groupTable('Operation', 'operation', {
            Calls: count('performance', 'duration_us'),
            Failures: count('performance', 'failures'),
          }),
        ],
      },
    ],
  };
}
