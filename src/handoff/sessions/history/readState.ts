import type { Queryable } from '../../storage/database.js';
import { readHandoffState } from '../sql/readHandoffState.js';
import type { HandoffStateRow } from '../sql/readHandoffState.js';
import { factsOf } from './joinFacts.js';
import type { KeptHistories, KeptHistory } from './keptHistories.js';
import { joinHistory } from './joinHistory.js';

export interface StateReader {
  readonly histories: KeptHistories;
  readonly maxPackageBytes: number;
}

/** A history with less JSON is read as fast as it is looked after. */
const LEAST_ENTRIES_BYTES = 4096;

/**
 * Reads a session with its history as a handoff package shows it; `undefined` for an unknown session. Where the history is kept from an
 * earlier handoff, the database only makes the text of what was added since.
 */
export async function readState(reader: StateReader, queryable: Queryable, sessionKey: string): Promise<HandoffStateRow | undefined> {
  const { histories, maxPackageBytes } = reader;
  const since = histories.begin();
  const kept = histories.get(sessionKey);
  const read = async (maxBytes: number, after: number | null): Promise<HandoffStateRow | undefined> => {
    const [row] = await queryable.query<HandoffStateRow>(readHandoffState, [sessionKey, maxBytes, after]);
    return row;
  };
  if (kept !== undefined) {
    const added = await read(maxPackageBytes - kept.contentBytes - kept.metadataBytes, kept.facts.last_entry_number);
    if (added === undefined) return undefined;
    const joined = joinHistory(kept, added, maxPackageBytes);
    if (joined !== undefined) {
      histories.keep(since, sessionKey, joined.history);
      return joined.state;
    }
  }
  const state = await read(maxPackageBytes, null);
  const entries = state?.entries ?? '';
  if (state === undefined || entries.length < LEAST_ENTRIES_BYTES) histories.drop(sessionKey);
  else histories.keep(since, sessionKey, toKept(state, entries));
  return state;
}

function toKept(state: HandoffStateRow, entries: string): KeptHistory {
  return {
    sessionId: state.id,
    facts: factsOf(state),
    contentBytes: state.content_bytes,
    metadataBytes: state.metadata_bytes,
    mark: BigInt(state.mark),
    entries: entries.slice(0, -1),
    entriesBytes: Buffer.byteLength(entries),
  };
}
