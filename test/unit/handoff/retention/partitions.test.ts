import { expect, it } from 'vitest';
import type { RetentionDependencies } from '../../../../src/handoff/retention/dependencies.js';
import { maintainPartitions } from '../../../../src/handoff/retention/partitions.js';
import { createPartitions, deleteStrays, detachPartition, dropPartition } from '../../../../src/handoff/retention/sql/partitions.js';
import type { Statement } from '../../../../src/handoff/storage/database.js';
import { FakeClock } from '../../../../src/testing.js';

/** A database that has one old partition of each log table, and ends some attempts to detach one. */
function maintained(code: string, failures: number) {
  let failed = 0;
  const detached = new Set<unknown>();
  const answers = new Map<Statement, (table: unknown) => object[]>([
    [createPartitions, () => [{ made: 0 }]],
    [deleteStrays, () => [{ deleted: 0 }]],
    [dropPartition, (table) => (detached.delete(table) ? [{ partition: `${String(table)}_old_expired` }] : [])],
  ]);
  const done = new Set<unknown>();
  const query = async (statement: Statement, [table]: readonly unknown[] = []): Promise<object[]> => {
    if (statement !== detachPartition) return answers.get(statement)?.(table) ?? [{ logs: new Date(0), metrics: new Date(0) }];
    failed += 1;
    if (failed <= failures) throw Object.assign(new Error('ended'), { code });
    if (done.has(table)) return [];
    done.add(table);
    detached.add(table);
    return [{ partition: `${String(table)}_old` }];
  };
  const sleep = async (): Promise<void> => undefined;
  const deps = {
    database: { query },
    observe: (_operation: string, _attributes: object, work: () => unknown) => work(),
    record: { partitions: () => undefined },
    clock: { ...new FakeClock(), sleep },
    random: () => 0,
  } as unknown as RetentionDependencies;
  return maintainPartitions(deps);
}

it.each(['55P03', '40P01'])('old partitions are dropped although PostgreSQL ended a step with %s', async (code) => {
  const dropped = ['session_lifecycle_old', 'performance_logs_old', 'system_metrics_old'];
  expect(await maintained(code, 1)).toEqual({ made: 0, dropped, strayRows: 0, postponed: 0 });
  // After six attempts it is left to the next maintenance; the other tables have their turn.
  expect(await maintained(code, 6)).toEqual({ made: 0, dropped: dropped.slice(1), strayRows: 0, postponed: 1 });
});
