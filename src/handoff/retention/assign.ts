import { retentionOperations } from '../../telemetry/catalogue/retention.js';
import { ATTR_HANDOFF_RETENTION_POLICY, ATTR_HANDOFF_SESSION_ID } from '../../telemetry/semconv.js';
import type { RetentionDependencies } from './dependencies.js';
import { unknownPolicy } from './policies.js';
import { refusing } from './refusing.js';
import { DEFAULT_POLICY } from './retentionPolicy.js';
import { referenceValues } from './sessionReference.js';
import type { SessionReference } from './sessionReference.js';
import { assignPolicy } from './sql/assignPolicy.js';
import type { AssignPolicyRow } from './sql/assignPolicy.js';
import { requireRecordable } from './validation.js';

export interface Assignment {
  readonly sessionId: string;
  readonly sessionKey: string;
  readonly formerPolicy: string;
  /** False when the session had the policy and its time to live already. */
  readonly changed: boolean;
}

/** Gives one session a policy; `undefined` for an unknown session. */
export async function assign(
  deps: RetentionDependencies,
  session: SessionReference,
  policy: string,
  actor: string,
): Promise<Assignment | undefined> {
  requireRecordable(actor);
  return refusing(deps.observe, retentionOperations.assign.name, { [ATTR_HANDOFF_RETENTION_POLICY]: policy }, async (scope) => {
    const [row] = await deps.database.query<AssignPolicyRow>(assignPolicy, [...referenceValues(session), policy, actor]);
    if (row === undefined) {
      scope.fail('session_not_found');
      return undefined;
    }
    if (!row.known) throw await unknownPolicy(deps);
    scope.add({ [ATTR_HANDOFF_SESSION_ID]: row.id });
    return { sessionId: row.id, sessionKey: row.session_key, formerPolicy: row.former ?? DEFAULT_POLICY, changed: row.changed };
  });
}
