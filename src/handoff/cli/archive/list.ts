import { renderTable } from '../render/table.js';
import { bytesText } from '../render/bytesText.js';
import type { ArchiveSession } from './session.js';

const COLUMNS = [
  { heading: 'session', shrink: true },
  { heading: 'status' },
  { heading: 'archived' },
  { heading: 'entries', align: 'right' },
  { heading: 'stored', align: 'right' },
  { heading: 'content', align: 'right' },
  { heading: 'object', shrink: true },
] as const;

/** `handoff-otel archive list`: one page, and how to get the next. */
export async function list(session: ArchiveSession): Promise<number> {
  const { archive, streams, options } = session;
  const found = await archive.list(options.after, options.limit);
  if (options.json) {
    for (const each of found) streams.out(`${JSON.stringify(each)}\n`);
  } else if (found.length === 0) {
    streams.out(options.after === undefined ? 'No session has an object in the archive.\n' : 'There are no more sessions.\n');
  } else {
    const rows = found.map((each) => [
      each.session_key,
      each.status,
      (each.archived_at ?? each.written_at).toISOString().slice(0, 19),
      String(each.entry_count),
      bytesText(each.stored_bytes),
      bytesText(each.content_bytes),
      each.object_key,
    ]);
    streams.out(`${renderTable(COLUMNS, rows, { columns: 140 })}\n`);
  }
  const last = found.at(-1);
  if (last !== undefined && found.length === options.limit) {
    streams.err(`For the next page, run: handoff-otel archive list --limit ${options.limit} --after ${last.session_id}\n`);
  }
  return 0;
}
