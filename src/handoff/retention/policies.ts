import { RetentionPolicyInUseError, RetentionPolicyUnknownError } from '../../errors/retentionErrors.js';
import { retentionOperations } from '../../telemetry/catalogue/retention.js';
import { ATTR_HANDOFF_RETENTION_POLICY } from '../../telemetry/semconv.js';
import { carryOut, finishPolicyChanges } from './carryOutPolicy.js';
import type { RetentionDependencies } from './dependencies.js';
import { refusing } from './refusing.js';
import type { PolicyChange, StoredPolicy } from './retentionPolicy.js';
import { listPolicies } from './sql/listPolicies.js';
import { lockPolicies } from './sql/lockPolicies.js';
import { toPolicy } from './sql/policyColumns.js';
import type { PolicyRow } from './sql/policyColumns.js';
import { removePolicy } from './sql/removePolicy.js';
import type { RemovePolicyRow } from './sql/removePolicy.js';
import { writePolicy } from './sql/writePolicy.js';
import type { WritePolicyRow } from './sql/writePolicy.js';
import { changedPolicy, requireRecordable, requireValidChange } from './validation.js';

export interface PolicyUpdate {
  readonly kind: 'created' | 'changed' | 'unchanged';
  readonly policy: StoredPolicy;
  /** Sessions that got a new time to live, or are looked at earlier. */
  readonly sessionsChanged: number;
  /** Whether some sessions have yet to follow: another process is at it, or there are too many, and the next `maintain` does the rest. */
  readonly pending: boolean;
}

/** How long a caller waits for the sessions of the policy; the rest is done by the next maintenance. */
const BUDGET_MS = 10_000;

export interface Policies {
  list(): Promise<readonly StoredPolicy[]>;
  update(change: PolicyChange, actor: string): Promise<PolicyUpdate>;
  remove(name: string, actor: string): Promise<void>;
  finishChanges(): Promise<number>;
}

export function createPolicies(deps: RetentionDependencies): Policies {
  return {
    list: () =>
      deps.observe(retentionOperations.listPolicies.name, {}, async () =>
        (await deps.database.query<PolicyRow>(listPolicies)).map(toPolicy),
      ),
    update: (change, actor) => updatePolicy(deps, change, actor),
    remove: (name, actor) => removeOne(deps, name, actor),
    finishChanges: () => deps.observe(retentionOperations.finishChanges.name, {}, () => finishPolicyChanges(deps)),
  };
}

async function updatePolicy(deps: RetentionDependencies, change: PolicyChange, actor: string): Promise<PolicyUpdate> {
  // Outside the operation, like every other check of input.
  requireValidChange(change);
  requireRecordable(actor);
  const { name } = change;
  return refusing(deps.observe, retentionOperations.updatePolicy.name, { [ATTR_HANDOFF_RETENTION_POLICY]: name }, async () => {
    const row = await deps.database.transaction(async (q) => {
      await q.query(lockPolicies);
      // Under the lock: whoever changes another value of the policy at the same time finds this change, and does not undo it.
      const present = (await q.query<PolicyRow>(listPolicies)).map(toPolicy).find((policy) => policy.name === name);
      const policy = changedPolicy(change, present);
      const values = [
        name,
        policy.activeSessionTtl,
        policy.archivedSessionTtl,
        policy.logRetentionDays,
        policy.metricsRetentionDays,
        policy.dormantThresholdHours ?? null,
        actor,
      ];
      return (await q.query<WritePolicyRow>(writePolicy, values))[0];
    });
    if (row === undefined) throw new Error('INSERT gave no row');
    const deadlineMs = deps.clock.monotonicMs() + BUDGET_MS;
    const done = row.pending ? await carryOut(deps, name, deadlineMs) : { changed: 0, pending: false };
    const kind = row.created ? 'created' : row.changed ? 'changed' : 'unchanged';
    return { kind, policy: toPolicy(row), sessionsChanged: done.changed, pending: done.pending };
  });
}

function removeOne(deps: RetentionDependencies, name: string, actor: string): Promise<void> {
  requireRecordable(actor);
  return refusing(deps.observe, retentionOperations.removePolicy.name, { [ATTR_HANDOFF_RETENTION_POLICY]: name }, async () => {
    const row = await deps.database.transaction(async (q) => {
      await q.query(lockPolicies);
      return (await q.query<RemovePolicyRow>(removePolicy, [name, actor]))[0];
    });
    if (row === undefined) throw await unknownPolicy(deps);
    if (!row.removed) throw new RetentionPolicyInUseError(name, row.sessions, row.rules);
  });
}

export async function unknownPolicy({ database }: Pick<RetentionDependencies, 'database'>): Promise<RetentionPolicyUnknownError> {
  return new RetentionPolicyUnknownError((await database.query<PolicyRow>(listPolicies)).map(({ name }) => name));
}
