import { analyticsOperations } from '../../../telemetry/catalogue/analytics.js';
import { asRoots } from '../../../telemetry/rootOperation.js';
import { ATTR_HANDOFF_ROLLUP_ROWS } from '../../../telemetry/semconv.js';
import type { Statement } from '../../storage/database.js';
import type { RollupDependencies } from './dependencies.js';
import { keptSinceMs } from './keep.js';
import { compactFacts, pruneBuckets } from './sql/prune.js';
import { takeBarrier } from './sql/watermarks.js';
import type { BarrierRow } from './sql/watermarks.js';

const BATCH = 5000;

/**
 * Deletes buckets of minutes and hours whose time has passed, and adds up the facts of deleted sessions to the size of buckets that is
 * still kept of their time: neither grows with the number of sessions. Resolves with how many rows went.
 */
export function prune({ database, observe }: RollupDependencies, signal?: AbortSignal): Promise<number> {
  return asRoots(observe)(analyticsOperations.prune.name, {}, async (scope) => {
    const [now] = await database.query<BarrierRow>(takeBarrier);
    const nowMs = now?.time.getTime() ?? 0;
    let gone = 0;
    const all = async (statement: Statement, values: readonly unknown[]): Promise<void> => {
      for (let rows = BATCH; rows >= BATCH && signal?.aborted !== true; ) {
        const [row] = await database.query<{ readonly rows: number }>(statement, [...values, BATCH]);
        rows = row?.rows ?? 0;
        gone += rows;
      }
    };
    for (const [granularity, larger] of [
      ['minute', 'hour'],
      ['hour', 'day'],
    ] as const) {
      const before = new Date(keptSinceMs(granularity, nowMs));
      await all(pruneBuckets, [granularity, before]);
      await all(compactFacts, [larger, before]);
    }
    scope.add({ [ATTR_HANDOFF_ROLLUP_ROWS]: gone });
    return gone;
  });
}
