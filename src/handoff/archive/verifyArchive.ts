import { ArchiveDamagedError, ArchiveElsewhereError, ArchiveMissingError } from '../../errors/archiveErrors.js';
import { archiveOperations } from '../../telemetry/catalogue/archive.js';
import { ATTR_HANDOFF_ARCHIVE_BYTES, ATTR_HANDOFF_SESSION_ID } from '../../telemetry/semconv.js';
import type { ArchiveDependencies } from './dependencies.js';
import { absent, fetchObject, isCurrent, linesOf, placeOf, wrongSize } from './fetchObject.js';
import { lineCounts } from './format/archiveLines.js';
import type { LineKind } from './format/archiveWriter.js';
import { describeArchive } from './sql/describedArchive.js';
import type { ArchiveDescription, DescribedSession } from './sql/describedArchive.js';

/** What can be wrong with an object. */
export type ArchiveFault = ArchiveMissingError | ArchiveDamagedError | ArchiveElsewhereError;

export type VerifyOutcome =
  | { readonly kind: 'intact'; readonly storedBytes: number; readonly entries: number }
  /** `error` says what is wrong and what to do. */
  | { readonly kind: 'damaged'; readonly error: ArchiveFault }
  | { readonly kind: 'session_not_found' }
  /** The session is not archived, or was archived where it is. */
  | { readonly kind: 'no_object' };

/** Reads the whole object of an archived session and compares it with its description. A store that cannot be reached throws. */
export function verifyArchive(deps: ArchiveDependencies, sessionId: string): Promise<VerifyOutcome> {
  return deps.observe(archiveOperations.verify.name, { [ATTR_HANDOFF_SESSION_ID]: sessionId }, async (scope) => {
    const outcome = await verifyDescribed(deps, sessionId);
    if (outcome.kind === 'intact') scope.add({ [ATTR_HANDOFF_ARCHIVE_BYTES]: outcome.storedBytes });
    else scope.fail(outcome.kind === 'damaged' ? outcome.error.code : outcome.kind);
    return outcome;
  });
}

async function verifyDescribed(deps: ArchiveDependencies, sessionId: string): Promise<VerifyOutcome> {
  const [session] = await deps.database.query<DescribedSession>(describeArchive, [sessionId]);
  if (session === undefined) return { kind: 'session_not_found' };
  if (session.object_key === null) return { kind: 'no_object' };
  const outcome = await compare(deps, session);
  // The object goes with an erasure, and is no loss then.
  if (outcome.kind === 'damaged' && !(await isCurrent(deps, sessionId, session))) return verifyDescribed(deps, sessionId);
  return outcome;
}

async function compare({ store }: ArchiveDependencies, description: ArchiveDescription): Promise<VerifyOutcome> {
  const place = placeOf(description);
  try {
    // Costs nothing, and most of what is lost is lost whole.
    const head = await store?.head(description.object_key);
    if (head === undefined) throw absent(store, place);
    if (head.bytes !== description.stored_bytes) throw wrongSize(place, head.bytes, description.stored_bytes);
    const body = await fetchObject(store, description);
    const found: Partial<Record<LineKind, number>> = {};
    for await (const line of linesOf(body, place)) {
      // What cannot be parsed cannot be restored.
      JSON.parse(line.row);
      found[line.kind] = (found[line.kind] ?? 0) + 1;
      const counts = lineCounts(line);
      if (counts === undefined) continue;
      for (const kind of ['entry', 'snapshot', 'handoff', 'event'] as const) {
        if ((found[kind] ?? 0) !== counts[kind]) throw new ArchiveDamagedError(place, `it lacks some of its ${kind} rows`);
      }
    }
    return { kind: 'intact', storedBytes: body.length, entries: found.entry ?? 0 };
  } catch (error) {
    if (isFault(error)) return { kind: 'damaged', error };
    throw error;
  }
}

function isFault(error: unknown): error is ArchiveFault {
  return error instanceof ArchiveMissingError || error instanceof ArchiveDamagedError || error instanceof ArchiveElsewhereError;
}
