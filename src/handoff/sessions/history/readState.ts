import type { HandoffStatements } from '../handingOver/handoffStatements.js';
import type { HandoffStateRow } from '../sql/readHandoffState.js';
import { factsOf } from './joinFacts.js';
import type { KeptHistories, KeptHistory } from './keptHistories.js';
import { joinHistory } from './joinHistory.js';

export interface StateReader {
  readonly histories: KeptHistories;
  readonly maxPackageBytes: number;
}

/** A session as `readHandoffState` gives it, with the size of its entries in UTF-8: 0 if they are left out. */
export type ReadState = HandoffStateRow & { readonly entriesBytes: number };

/** A history with less JSON is read as fast as it is looked after. */
const LEAST_ENTRIES_BYTES = 4096;

/**
 * Reads a session with its history as a handoff package shows it; `undefined` for an unknown session. Where the history is kept from an
 * earlier handoff, the database only makes the text of what was added since.
 */
export async function readState(
  reader: StateReader,
  statements: Pick<HandoffStatements, 'read'>,
  sessionKey: string,
): Promise<ReadState | undefined> {
  const { histories, maxPackageBytes } = reader;
  const since = histories.begin();
  const kept = histories.get(sessionKey);
  if (kept !== undefined) {
    const maxBytes = maxPackageBytes - kept.contentBytes - kept.metadataBytes;
    const added = await statements.read({ sessionKey, maxBytes, after: kept.facts.last_entry_number });
    if (added === undefined) return undefined;
    const joined = joinHistory(kept, added, maxPackageBytes);
    if (joined !== undefined) {
      histories.keep(since, sessionKey, joined.history);
      return { ...joined.state, entriesBytes: joined.history.entriesBytes };
    }
  }
  const state = await statements.read({ sessionKey, maxBytes: maxPackageBytes, after: null });
  const entries = state?.entries ?? '';
  const entriesBytes = Buffer.byteLength(entries);
  if (state === undefined || entriesBytes < LEAST_ENTRIES_BYTES) histories.drop(sessionKey);
  else histories.keep(since, sessionKey, toKept(state, entries, entriesBytes));
  return state === undefined ? undefined : { ...state, entriesBytes };
}

function toKept(state: HandoffStateRow, entries: string, entriesBytes: number): KeptHistory {
  return {
    sessionId: state.id,
    facts: factsOf(state),
    contentBytes: state.content_bytes,
    metadataBytes: state.metadata_bytes,
    mark: BigInt(state.mark),
    entries: entries.slice(0, -1),
    entriesBytes,
  };
}
