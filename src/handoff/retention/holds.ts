import { retentionOperations } from '../../telemetry/catalogue/retention.js';
import { ATTR_HANDOFF_SESSION_ID } from '../../telemetry/semconv.js';
import type { RetentionDependencies } from './dependencies.js';
import { referenceValues } from './sessionReference.js';
import type { SessionReference } from './sessionReference.js';
import { endHold, listHolds, placeHold } from './sql/holds.js';
import type { HoldRow, ListedHoldRow } from './sql/holds.js';
import { requireRecordable } from './validation.js';

export interface HoldChange {
  readonly sessionId: string;
  readonly sessionKey: string;
  /** False when the session was on hold for that reason already, or when there was no hold to release. */
  readonly changed: boolean;
}

/** A session that nothing deletes. */
export interface Hold {
  readonly sessionId: string;
  readonly sessionKey: string;
  readonly reason: string;
  readonly placedBy: string;
  readonly placedAt: Date;
}

export interface Holds {
  place(session: SessionReference, reason: string, actor: string): Promise<HoldChange | undefined>;
  release(session: SessionReference, actor: string): Promise<HoldChange | undefined>;
  list(limit: number): Promise<readonly Hold[]>;
}

export function createHolds(deps: RetentionDependencies): Holds {
  type Operation = (typeof retentionOperations)['hold' | 'release']['name'];
  const change = (operation: Operation, ask: () => Promise<HoldRow[]>): Promise<HoldChange | undefined> =>
    deps.observe(operation, {}, async (scope) => {
      const [row] = await ask();
      if (row === undefined) {
        scope.fail('session_not_found');
        return undefined;
      }
      scope.add({ [ATTR_HANDOFF_SESSION_ID]: row.id });
      return { sessionId: row.id, sessionKey: row.session_key, changed: row.changed };
    });
  return {
    place: async (session, reason, actor) => {
      requireRecordable(actor, reason);
      return change(retentionOperations.hold.name, () =>
        deps.database.query<HoldRow>(placeHold, [...referenceValues(session), reason, actor]),
      );
    },
    release: async (session, actor) => {
      requireRecordable(actor);
      return change(retentionOperations.release.name, () => deps.database.query<HoldRow>(endHold, [...referenceValues(session), actor]));
    },
    list: (limit) =>
      deps.observe(retentionOperations.listHolds.name, {}, async () =>
        (await deps.database.query<ListedHoldRow>(listHolds, [limit])).map((row) => ({
          sessionId: row.session_id,
          sessionKey: row.session_key,
          reason: row.reason,
          placedBy: row.placed_by,
          placedAt: row.placed_at,
        })),
      ),
  };
}
