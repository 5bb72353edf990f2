import { lifecycleOperations } from '../../../telemetry/catalogue/lifecycle.js';
import { keysOfDeleted } from '../../sessions/cacheEntries.js';
import { countTransition } from '../../sessions/countTransition.js';
import { dropKeys } from '../cacheKeys.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { eventData } from '../eventData.js';
import { archivedPolicies } from '../sql/archivedPolicies.js';
import type { CachedKeysRow } from '../sql/cachedKeys.js';
import { lockPurgeable } from '../sql/lockPurgeable.js';
import type { PurgeableRow } from '../sql/lockPurgeable.js';
import { nameMissingPolicies } from '../sql/nameMissingPolicies.js';
import { purgeLocked } from '../sql/purgeLocked.js';
import { runSweep } from './sweep.js';
import type { SweepLimits, SweepOutcome } from './sweep.js';

/**
 * Entries that one transaction deletes, besides those of a single session: a session is deleted whole or not at all, so that a legal
 * hold never covers half of one. Only rows of sessions that nobody can write to are locked meanwhile.
 */
const MAX_HOT_ROWS = 20_000;
/** Sessions of a batch whose last traces are linked; their lifecycle events outlive them. */
const MAX_LINKED = 16;
const DELETED_BY = 'retention';

/** What a purge did. */
export interface PurgeOutcome extends SweepOutcome {
  /** Policies whose archived sessions were looked at. */
  readonly policies: number;
}

/** Deletes archived sessions whose time has passed, unless they are on hold. Any number of replicas may do it at once. */
export async function sweepPurge(deps: LifecycleDependencies, limits: SweepLimits = {}): Promise<PurgeOutcome> {
  const names = { operation: lifecycleOperations.sweepPurge.name, sweep: 'purge' } as const;
  let policies: string[] | undefined;
  let someMayLackPolicy = true;
  let found = 0;
  const outcome = await runSweep(deps, names, limits, async (size) => {
    if (someMayLackPolicy) someMayLackPolicy = await nameSome(deps, size);
    if (someMayLackPolicy) return { taken: 0, changed: 0, hasMore: true };
    policies ??= await policyNames(deps);
    found = Math.max(found, policies.length);
    const [policy] = policies;
    if (policy === undefined) return { taken: 0, changed: 0, hasMore: false };
    const { taken, gone } = await purgeBatch(deps, policy, size);
    countTransition(deps.record.transitions, 'archived', 'purged', 'sweep', gone.length);
    if (gone.length > 0) deps.onPurged?.(policy, gone.length);
    for (const { id } of gone) deps.archive?.forget(id);
    await dropKeys(
      deps,
      gone.flatMap(({ id: sessionId, session_key: sessionKey, agents }) => keysOfDeleted({ sessionId, sessionKey, agents })),
    );
    if (taken === 0 || gone.length === 0) policies.shift();
    return { taken, changed: gone.length, hasMore: policies.length > 0, someIds: gone.slice(0, MAX_LINKED).map(({ id }) => id) };
  });
  if (outcome.changed > 0) await deps.archive?.sweepLeftovers();
  return { ...outcome, policies: found };
}

/** Returns whether there may be others. */
async function nameSome({ database }: LifecycleDependencies, size: number): Promise<boolean> {
  const [row] = await database.query<{ named: number }>(nameMissingPolicies, [size]);
  return (row?.named ?? 0) >= size;
}

async function policyNames({ database }: LifecycleDependencies): Promise<string[]> {
  return (await database.query<{ name: string }>(archivedPolicies)).map(({ name }) => name);
}

type GoneRow = CachedKeysRow & { readonly id: string };

/** Locks first and deletes by a second statement, which sees the holds that were placed before the lock was granted. */
function purgeBatch(deps: LifecycleDependencies, policy: string, size: number): Promise<{ taken: number; gone: GoneRow[] }> {
  return deps.database.transaction(async (locked) => {
    const rows = await locked.query<PurgeableRow>(lockPurgeable, [policy, size, MAX_HOT_ROWS]);
    if (rows.length === 0) return { taken: 0, gone: [] };
    const ids = withinLimit(rows);
    const gone = await locked.query<GoneRow>(purgeLocked, [ids, eventData('retention'), DELETED_BY]);
    return { taken: ids.length, gone };
  });
}

/** Returns as many sessions as have no more entries than the limit together, at least one. */
function withinLimit(rows: readonly PurgeableRow[]): string[] {
  let total = 0;
  const fitting = rows.filter(({ hot_rows: hotRows }, index) => {
    total += hotRows;
    return index === 0 || total <= MAX_HOT_ROWS;
  });
  return fitting.map(({ id }) => id);
}
