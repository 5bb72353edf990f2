import { sessionOperations } from '../../telemetry/catalogue/sessions.js';
import { ATTR_HANDOFF_SESSION_ID, ATTR_HANDOFF_SESSION_KEY } from '../../telemetry/semconv.js';
import type { OperationScope } from '../../telemetry/observe.js';
import { archivedPart } from './archivedEntries.js';
import type { SessionDependencies } from './dependencies.js';
import { describedIn } from './sql/archivedFacts.js';
import { readPart } from './sql/readPart.js';
import type { PartRow } from './sql/readPart.js';
import type { ContextPart } from './types.js';

export interface PartRequest {
  readonly sessionKey: string;
  readonly part: ContextPart;
  /** Number of the entry; absent for the session's metadata. */
  readonly sequenceNumber?: number;
  /** Characters (Unicode code points) to skip at the beginning. */
  readonly offset: number;
}

export type PartOutcome =
  | {
      readonly kind: 'read';
      readonly text: string;
      /** Length of the whole text in characters. */
      readonly totalCharacters: number;
    }
  | { readonly kind: 'session_not_found' }
  | { readonly kind: 'entry_not_found' };

/** UTF-8 needs at most this many bytes for a character, so a quarter of the page's bytes is a number of characters that fits. */
const MAX_BYTES_PER_CHARACTER = 4;

/** Reads a range of a text that was too large to be shown in full: content, or metadata as JSON. */
export function readSessionPart(deps: SessionDependencies, request: PartRequest): Promise<PartOutcome> {
  return deps.observe(sessionOperations.read.name, { [ATTR_HANDOFF_SESSION_KEY]: request.sessionKey }, async (scope) => {
    const outcome = await partOf(deps, request, scope);
    if (outcome.kind !== 'read') scope.fail(outcome.kind);
    return outcome;
  });
}

async function partOf(deps: SessionDependencies, request: PartRequest, scope: OperationScope): Promise<PartOutcome> {
  const { sessionKey, part, sequenceNumber, offset } = request;
  const maxCharacters = Math.floor(deps.maxPageBytes / MAX_BYTES_PER_CHARACTER);
  const [row] = await deps.database.query<PartRow>(readPart, [sessionKey, part, sequenceNumber ?? null, offset, maxCharacters]);
  if (row === undefined) return { kind: 'session_not_found' };
  scope.add({ [ATTR_HANDOFF_SESSION_ID]: row.session_id });
  const archived = describedIn(row);
  if (archived !== undefined && part !== 'session_metadata') {
    const archive = await deps.archive.open(row.session_id, archived);
    // Erased or restored since the row was read.
    if (archive === undefined) return partOf(deps, request, scope);
    const found = await archivedPart(archive, { part, sequenceNumber: sequenceNumber ?? 0, offset, maxCharacters });
    if (found !== undefined) return { kind: 'read', text: found.text, totalCharacters: found.total };
  }
  if (row.characters === null) return { kind: 'entry_not_found' };
  return { kind: 'read', text: row.text ?? '', totalCharacters: row.characters };
}
