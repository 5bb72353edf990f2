import type { HandoffStateRow } from '../sql/readHandoffState.js';
import { joinFacts } from './joinFacts.js';
import type { KeptHistory } from './keptHistories.js';

/** Of the JSON, in so many times the size that is allowed for what is stored: see `readHandoffState`. */
const MOST_EXPANSION = 4;

export interface JoinedHistory {
  /** What `readHandoffState` would have given for the whole history. */
  readonly state: HandoffStateRow;
  readonly history: KeptHistory;
}

/**
 * Joins a kept history with the entries that were added since. Returns `undefined` where only reading all of it gives the right answer: an
 * entry that is kept has changed, or a name is new, or the whole has become too large for a package.
 */
export function joinHistory(kept: KeptHistory, added: HandoffStateRow, maxPackageBytes: number): JoinedHistory | undefined {
  if (added.id !== kept.sessionId || BigInt(added.before_mark) !== kept.mark) return undefined;
  const facts = joinFacts(kept.facts, added);
  const more = textOfMore(added);
  if (facts === undefined || more === undefined) return undefined;
  const entriesBytes = kept.entriesBytes + Buffer.byteLength(more);
  if (entriesBytes > MOST_EXPANSION * maxPackageBytes) return undefined;
  // Joined without being copied: the text up to here is shared by all packages of this session.
  const entries = kept.entries + more;
  const contentBytes = kept.contentBytes + added.content_bytes;
  const metadataBytes = kept.metadataBytes + added.metadata_bytes;
  const mark = kept.mark ^ BigInt(added.mark);
  return {
    state: {
      ...added,
      ...facts,
      entries: `${entries}]`,
      content_bytes: contentBytes,
      metadata_bytes: metadataBytes,
      mark: mark.toString(),
    },
    history: { sessionId: kept.sessionId, facts, contentBytes, metadataBytes, mark, entries, entriesBytes },
  };
}

/** What follows the kept entries in the array; `undefined` if the entries that were added are too large to be sent. */
function textOfMore({ entry_count: count, entries }: HandoffStateRow): string | undefined {
  if (count === 0) return '';
  return entries === null ? undefined : `,${entries.slice(1, -1)}`;
}
