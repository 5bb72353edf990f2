import type { RetentionDependencies } from './dependencies.js';
import { applyPolicy, applyPolicyToNewest } from './sql/applyPolicy.js';
import type { ApplyPolicyRow } from './sql/applyPolicy.js';
import type { PendingPolicy } from './sql/pendingPolicy.js';
import { endPendingPolicy, isPolicyPending, listPendingPolicies, movePendingPolicy, takePendingPolicy } from './sql/takePendingPolicy.js';

/** Rows that one transaction looks at; whoever writes to one of them waits for it, some milliseconds. */
const BATCH = 2000;
/** By then a registration that had read the former values has ended. */
const REGISTRATION_MS = 500;

export interface CarriedOut {
  readonly changed: number;
  /** Whether some sessions have yet to follow: the time was up, or another process is at it. */
  readonly pending: boolean;
}

/**
 * Brings the sessions of a policy to its present values, in batches that any process can continue. Ends when all are done, when
 * another process is at it, or at the deadline (monotonic milliseconds).
 */
export async function carryOut(deps: RetentionDependencies, policy: string, deadlineMs: number): Promise<CarriedOut> {
  let changed = 0;
  let last = false;
  for (;;) {
    const batch = await oneBatch(deps, policy, last);
    if (batch === undefined) return { changed, pending: await isPending(deps, policy) };
    changed += batch.changed;
    if (batch.ended) return { changed, pending: false };
    if (deps.clock.monotonicMs() >= deadlineMs) return { changed, pending: true };
    last = batch.looked_at < BATCH;
    if (last) await deps.clock.sleep(REGISTRATION_MS);
  }
}

/** Finishes the changes of all policies whose process could not; resolves with the number of sessions changed. */
export async function finishPolicyChanges(deps: RetentionDependencies): Promise<number> {
  let changed = 0;
  for (const { policy } of await deps.database.query<{ readonly policy: string }>(listPendingPolicies))
    changed += (await carryOut(deps, policy, Infinity)).changed;
  return changed;
}

/** What another process holds cannot be taken, and yet is not done: its batch may fail, or its process end. */
async function isPending({ database }: RetentionDependencies, policy: string): Promise<boolean> {
  const [row] = await database.query<{ readonly pending: boolean }>(isPolicyPending, [policy]);
  return row?.pending === true;
}

/** The last batch goes on where the one before ended, which is at the start if the policy was changed once more. */
function oneBatch(
  { database }: RetentionDependencies,
  policy: string,
  last: boolean,
): Promise<(ApplyPolicyRow & { readonly ended: boolean }) | undefined> {
  return database.transaction(async (q) => {
    const [taken] = await q.query<{ readonly position: string }>(takePendingPolicy, [policy]);
    if (taken === undefined) return undefined;
    const { formerHours, after } = JSON.parse(taken.position) as PendingPolicy;
    const [batch] = await q.query<ApplyPolicyRow>(applyPolicy, [policy, formerHours, after, BATCH]);
    if (batch === undefined) return undefined;
    if (!last || batch.looked_at === BATCH) {
      if (batch.last !== null) await q.query(movePendingPolicy, [policy, batch.last]);
      return { ...batch, ended: false };
    }
    const [newest] = await q.query<ApplyPolicyRow>(applyPolicyToNewest, [policy, formerHours]);
    await q.query(endPendingPolicy, [policy]);
    return { ...batch, changed: batch.changed + (newest?.changed ?? 0), ended: true };
  });
}
