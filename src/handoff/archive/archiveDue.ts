import { archiveOperations } from '../../telemetry/catalogue/archive.js';
import { ATTR_HANDOFF_SWEEP_CHANGED, ATTR_HANDOFF_SWEEP_TAKEN } from '../../telemetry/semconv.js';
import { activeTraceparent } from '../../telemetry/traceparent.js';
import { archiveSession } from './archiveSession.js';
import { rememberArchived } from './archivedKeys.js';
import type { ArchiveDependencies } from './dependencies.js';
import { requirePlace } from './requirePlace.js';
import { archiveDueInPlace, noteDueObjects } from './sql/noteObject.js';
import type { ArchivedInPlace, DueObject } from './sql/noteObject.js';
import type { StoreDependencies } from './dependencies.js';

export interface DueOutcome {
  readonly archived: number;
  /** Sessions that could not be archived; each is tried again later. */
  readonly failed: number;
  /** Whether more may be due. */
  readonly hasMore: boolean;
}

/** Sessions claimed at once: few, so that what a crash leaves claimed is little. */
const CLAIM = 16;
const WORKERS = 4;

/**
 * Archives sessions whose time has come, the longest due first. Any number of replicas may do so at once. Stops early when a whole
 * claim failed: the store is down, and the others would fail as well.
 *
 * @param limit maximum number of sessions, 1 or more
 * @throws ArchiveStoreError if the store has none of the objects that were written there
 */
export async function archiveDue(deps: ArchiveDependencies, limit: number): Promise<DueOutcome> {
  const { store } = deps;
  return store === undefined ? markDue(deps, limit) : moveDue({ ...deps, store }, limit);
}

function markDue(deps: ArchiveDependencies, limit: number): Promise<DueOutcome> {
  return deps.observe(archiveOperations.mark.name, {}, async (scope) => {
    const [row] = await deps.database.query<ArchivedInPlace>(archiveDueInPlace, [limit, activeTraceparent() ?? null]);
    const { archived = [], examined = 0 } = row ?? {};
    scope.add({ [ATTR_HANDOFF_SWEEP_TAKEN]: examined, [ATTR_HANDOFF_SWEEP_CHANGED]: archived.length });
    await rememberArchived(deps, archived);
    return { archived: archived.length, failed: 0, hasMore: examined === limit };
  });
}

async function moveDue(deps: StoreDependencies, limit: number): Promise<DueOutcome> {
  await requirePlace(deps);
  let archived = 0;
  let failed = 0;
  for (let examined = 0; examined < limit; ) {
    const claim = Math.min(CLAIM, limit - examined);
    const { objects, seen } = await claimDue(deps, claim);
    examined += seen;
    const results = await inParallel(objects, ({ sessionId, objectKey }) => archiveOne(deps, sessionId, objectKey));
    archived += results.filter((result) => result === 'archived').length;
    const failures = results.filter((result) => result === 'failed').length;
    failed += failures;
    if (seen < claim || (failures > 0 && failures === results.length)) return { archived, failed, hasMore: false };
  }
  return { archived, failed, hasMore: true };
}

interface Due {
  readonly sessionId: string;
  readonly objectKey: string;
}

async function claimDue(
  { database, store, leftoverGraceMs }: StoreDependencies,
  limit: number,
): Promise<{ readonly objects: readonly Due[]; readonly seen: number }> {
  const rows = await database.query<DueObject>(noteDueObjects, [limit, store.kind, store.location, leftoverGraceMs]);
  return {
    objects: rows.flatMap(({ session_id: sessionId, object_key: objectKey }) =>
      sessionId === null || objectKey === null ? [] : [{ sessionId, objectKey }],
    ),
    seen: rows[0]?.examined ?? 0,
  };
}

/** The operation has its span and log record; here only the number counts. */
async function archiveOne(deps: ArchiveDependencies, sessionId: string, objectKey: string): Promise<'archived' | 'failed' | 'passed'> {
  try {
    const { kind } = await archiveSession(deps, sessionId, objectKey);
    return kind === 'archived' ? 'archived' : 'passed';
  } catch {
    return 'failed';
  }
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const waiting = [...items];
  const results: R[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.push(await work(next));
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return results;
}
