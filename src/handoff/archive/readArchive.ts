import { archiveOperations } from '../../telemetry/catalogue/archive.js';
import { ATTR_HANDOFF_ARCHIVE_BYTES, ATTR_HANDOFF_SESSION_ID } from '../../telemetry/semconv.js';
import type { ArchiveDependencies } from './dependencies.js';
import type { FetchedObjects } from './fetchedObjects.js';
import { fetchCurrent, linesOf, placeOf } from './fetchObject.js';
import type { ObjectDescription } from './fetchObject.js';
import type { ArchiveLine } from './format/archiveLines.js';

/** An entry as an archive has it: the stored row, with its JSON as the text that the database had. */
export interface ArchivedEntry {
  readonly id: string;
  readonly session_id: string;
  readonly sequence_number: number;
  readonly context_type: string;
  readonly content: string;
  readonly metadata: string;
  readonly created_at: string;
  /** Text where JSON has no number for it: `NaN`, `Infinity` and `-Infinity`. */
  readonly processing_time_ms: number | string | null;
  readonly content_size_bytes: number | null;
  readonly agent: string | null;
}

/** The object of an archived session, fetched and checked. */
export interface OpenArchive {
  /** All lines, decompressed as they are read. */
  lines(): AsyncGenerator<ArchiveLine>;
  /** Entries after a number in order, of one type if it is given. Those before are passed over without being parsed. */
  entries(afterSequenceNumber: number, contextType?: string): AsyncGenerator<ArchivedEntry, void>;
}

/** Reading from the archive, for what shows archived sessions. */
export interface ArchiveReader {
  /**
   * Opens the object of an archived session; `undefined` if it is not archived there any more.
   *
   * @throws ArchiveMissingError, ArchiveElsewhereError, ArchiveDamagedError, ArchiveStoreError
   */
  open(sessionId: string, description: ObjectDescription): Promise<OpenArchive | undefined>;
}

export function createArchiveReader(deps: ArchiveDependencies, fetched: FetchedObjects): ArchiveReader {
  return {
    open: async (sessionId, description) => {
      const key = description.object_key;
      const begun = fetched.begin();
      const kept = fetched.get(sessionId, key);
      const body = kept ?? (await fetchObserved(deps, sessionId, description));
      if (body === undefined) return undefined;
      if (kept === undefined) fetched.keep(begun, sessionId, key, body);
      const place = placeOf(description);
      return {
        lines: () => linesOf(body, place),
        entries: (after, contextType) => entriesOf(linesOf(body, place), after, contextType),
      };
    },
  };
}

function fetchObserved(deps: ArchiveDependencies, sessionId: string, description: ObjectDescription): Promise<Uint8Array | undefined> {
  return deps.observe(archiveOperations.read.name, { [ATTR_HANDOFF_SESSION_ID]: sessionId }, async (scope) => {
    scope.add({ [ATTR_HANDOFF_ARCHIVE_BYTES]: description.stored_bytes });
    const body = await fetchCurrent(deps, sessionId, description);
    if (body === undefined) scope.fail('session_changed');
    return body;
  });
}

/** The database writes these two columns first. */
const FIRST_COLUMNS = /^\{"sequence_number":(-?\d+),"context_type":("(?:[^"\\]|\\.)*")/;

async function* entriesOf(lines: AsyncGenerator<ArchiveLine>, after: number, contextType?: string): AsyncGenerator<ArchivedEntry, void> {
  for await (const { kind, row } of lines) {
    if (kind !== 'entry') {
      if (kind === 'archive' || kind === 'session') continue;
      return;
    }
    const [, number = '', type = ''] = FIRST_COLUMNS.exec(row) ?? [];
    if (number !== '' && Number(number) <= after) continue;
    if (contextType !== undefined && type !== '' && JSON.parse(type) !== contextType) continue;
    const entry = JSON.parse(row) as ArchivedEntry;
    if (entry.sequence_number > after && (contextType === undefined || entry.context_type === contextType)) yield entry;
  }
}
