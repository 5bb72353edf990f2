import type { ArchivedEntry, OpenArchive } from '../archive/readArchive.js';
import type { EntryRow } from './sql/listEntries.js';
import type { ContextPart, JsonObject } from './types.js';

// What the statements on `context_history` do, for a history that is in the archive: an answer must not depend on where it is.

export interface EntriesRequest {
  readonly afterSequenceNumber: number;
  readonly limit: number;
  readonly contextType?: string | undefined;
  /** Of content and metadata together. */
  readonly maxBytes: number;
}

/** The same page as from `listEntries`: as many entries as it may hold by number and by bytes, and at least one if there is any. */
export async function archivedPage(archive: OpenArchive, request: EntriesRequest): Promise<EntryRow[]> {
  const { afterSequenceNumber, limit, contextType, maxBytes } = request;
  const page: ArchivedEntry[] = [];
  let bytes = 0;
  let found = 0;
  for await (const entry of archive.entries(afterSequenceNumber, contextType)) {
    found += 1;
    bytes += Buffer.byteLength(entry.content) + Buffer.byteLength(entry.metadata);
    if (page.length === limit || (page.length > 0 && bytes > maxBytes)) break;
    page.push(entry);
  }
  return page.map((entry) => toRow(entry, found, maxBytes));
}

function toRow(entry: ArchivedEntry, found: number, maxBytes: number): EntryRow {
  const { content, metadata, created_at: createdAt, processing_time_ms: processingTimeMs, ...columns } = entry;
  const contentFits = Buffer.byteLength(content) <= maxBytes;
  const metadataFits = Buffer.byteLength(metadata) <= maxBytes;
  return {
    ...columns,
    found,
    created_at: new Date(createdAt),
    processing_time_ms: processingTimeMs === null ? null : Number(processingTimeMs),
    content: contentFits ? content : characters(content, 0, Math.floor(maxBytes / 4)).text,
    content_characters: contentFits ? null : characters(content, 0, 0).total,
    metadata: metadataFits ? (JSON.parse(metadata) as JsonObject | null) : null,
    metadata_left_out: !metadataFits,
  };
}

/** The same range as from `readPart`; `undefined` for an entry that does not exist. */
export async function archivedPart(
  archive: OpenArchive,
  { part, sequenceNumber, offset, maxCharacters }: PartOfEntry,
): Promise<{ readonly text: string; readonly total: number } | undefined> {
  const entries = archive.entries(sequenceNumber - 1);
  const { value: entry, done } = await entries.next();
  await entries.return();
  if (done === true || entry.sequence_number !== sequenceNumber) return undefined;
  return characters(part === 'content' ? entry.content : entry.metadata, offset, maxCharacters);
}

export interface PartOfEntry {
  readonly part: Exclude<ContextPart, 'session_metadata'>;
  readonly sequenceNumber: number;
  readonly offset: number;
  readonly maxCharacters: number;
}

/** Cuts a range out of a text and counts it, in characters as PostgreSQL counts them: Unicode code points. */
function characters(whole: string, offset: number, maxCharacters: number): { readonly text: string; readonly total: number } {
  let total = 0;
  let from = whole.length;
  let to = whole.length;
  for (let at = 0; at < whole.length; total += 1) {
    if (total === offset) from = at;
    if (total === offset + maxCharacters) to = at;
    at += (whole.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return { text: whole.slice(from, to), total };
}
