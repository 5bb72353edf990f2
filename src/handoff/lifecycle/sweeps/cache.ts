import { lifecycleOperations } from '../../../telemetry/catalogue/lifecycle.js';
import { dropKeys, uselessKeys } from '../cacheKeys.js';
import type { Freed } from '../cacheKeys.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { fallenAsleep } from '../sql/fallenAsleep.js';
import type { FallenAsleepRow } from '../sql/fallenAsleep.js';
import { readPosition } from '../sql/readPosition.js';
import type { PositionRow } from '../sql/claimPosition.js';
import { writePosition } from '../sql/writePosition.js';
import { sweepHorizon } from '../sql/sweepHorizon.js';
import { FIRST_ID } from './keyset.js';
import { runSweep } from './sweep.js';
import type { SweepLimits, SweepOutcome } from './sweep.js';

const POSITION = 'cache';

/**
 * Drops the cache entries of sessions that became dormant or ended since the last time, and counts what really was there. In Redis for all
 * replicas; a cache in memory is that of this process, and those of other processes run out by themselves.
 */
export async function sweepCache(deps: LifecycleDependencies, limits: SweepLimits = {}): Promise<SweepOutcome & Freed> {
  const names = { operation: lifecycleOperations.sweepCache.name, sweep: 'cache' } as const;
  const freed = { entries: 0, bytes: 0 };
  let after: { time: string; id: string } | undefined;
  const outcome = await runSweep(deps, names, limits, async (size) => {
    after ??= await begin(deps);
    const rows = await deps.database.query<FallenAsleepRow>(fallenAsleep, [after.time, after.id, size]);
    const [{ events = 0, next_time: time = null, next_id: id = null } = {}] = rows;
    const dropped = await dropKeys(deps, rows.flatMap(keysOf));
    freed.entries += dropped.entries;
    freed.bytes += dropped.bytes;
    if (time !== null && id !== null) {
      after = { time, id };
      await deps.database.query(writePosition, [POSITION, time]);
    }
    return { taken: events, changed: dropped.entries };
  });
  return { ...outcome, ...freed };
}

async function begin({ database }: LifecycleDependencies): Promise<{ time: string; id: string }> {
  const [position] = await database.query<PositionRow>(readPosition, [POSITION]);
  const [row] = await database.query<{ time: string }>(sweepHorizon, [position?.position ?? null]);
  return { time: row?.time ?? '-infinity', id: FIRST_ID };
}

function keysOf({ session_key, is_dead, agents }: FallenAsleepRow): string[] {
  return session_key === null || is_dead === null ? [] : uselessKeys({ session_key, is_dead, agents: agents ?? [] });
}
