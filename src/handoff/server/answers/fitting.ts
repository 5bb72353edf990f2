import type { ContextEntry, Page, Session } from '../../sessions/types.js';
import type { FullContext } from '../../sessions/readContext.js';
import type { AnswerRoom } from './answerRoom.js';
import { longestPrefix, mostWireBytes, wireBytes } from './jsonSize.js';

/** An offset that no text reaches: the space reserved for an offset is that of the longest one. */
const ANY_OFFSET = 4_294_967_295;

/** Returns the session, without its metadata if that does not fit. */
export function fittingSession(session: Session, { bytes, isStructured }: AnswerRoom): Session {
  if (mostWireBytes(session) <= bytes || sizeInList(session, isStructured) <= bytes) return session;
  return { ...session, metadata: {}, cut: { metadata: { nextOffset: 0 } } };
}

/** Returns as much of a page of sessions as fits, at least one session, with the cursor that continues after it. */
export function fittingSessions(page: Page<Session>, room: AnswerRoom): { items: readonly Session[]; nextCursor?: string } {
  const { items, cursors, nextCursor } = page;
  const count = howManyFit(items, room);
  const shown = count === 0 ? items.slice(0, 1).map((session) => fittingSession(session, room)) : items.slice(0, count);
  const goesOn = shown.length < items.length ? cursors[shown.length - 1] : nextCursor;
  return { items: shown, ...(goesOn === undefined ? {} : { nextCursor: goesOn }) };
}

/** Returns the session with as many entries as fit, at least one; an entry larger than the answer is cut. */
export function fittingContext(context: FullContext, room: AnswerRoom): FullContext {
  const { contextHistory, nextAfterSequenceNumber, ...rest } = context;
  // The session gets at most half, because the request was for its entries.
  const head = { ...rest, session: fittingSession(rest.session, { ...room, bytes: room.bytes / 2 }) };
  const most = mostWireBytes(head);
  const left = { ...room, bytes: room.bytes - (most <= room.bytes / 8 ? most : wireBytes(head, room.isStructured)) };
  const count = howManyFit(contextHistory, left);
  const shown = count === 0 ? contextHistory.slice(0, 1).map((entry) => beginningOf(entry, left)) : contextHistory.slice(0, count);
  const goesOn = shown.length < contextHistory.length ? shown.at(-1)?.sequenceNumber : nextAfterSequenceNumber;
  return { ...head, contextHistory: shown, ...(goesOn === undefined ? {} : { nextAfterSequenceNumber: goesOn }) };
}

/** Returns how many of the items, from the first on, an answer has room for. */
export function howManyFit(items: readonly object[], { bytes, isStructured }: AnswerRoom): number {
  let unestimated = bytes;
  // Stops at the first that might not fit: estimating a whole page of which little can be shown would take longer than showing it.
  if (items.every((item) => (unestimated -= mostWireBytes(item)) >= 0)) return items.length;
  let left = bytes;
  const over = items.findIndex((item) => (left -= sizeInList(item, isStructured)) < 0);
  return over === -1 ? items.length : over;
}

/** Returns the size at the depth of the lists of sessions and entries, including more than a comma and a line end around it. */
function sizeInList(item: object, isStructured: boolean): number {
  return wireBytes({ '': [item] }, isStructured);
}

/** Returns an entry with as much of its content as fits; metadata is shown in full or not at all, and takes at most half. */
function beginningOf(entry: ContextEntry, { bytes, isStructured }: AnswerRoom): ContextEntry {
  const keepsMetadata = entry.cut?.metadata === undefined && sizeInList({ metadata: entry.metadata }, isStructured) <= bytes / 2;
  const metadataCut = keepsMetadata ? {} : { metadata: { nextOffset: 0 } };
  const bare = {
    ...entry,
    metadata: keepsMetadata ? entry.metadata : {},
    content: '',
    cut: { content: { nextOffset: ANY_OFFSET, totalCharacters: ANY_OFFSET }, ...metadataCut },
  };
  const { text, characters } = longestPrefix(entry.content, bytes - sizeInList(bare, isStructured), isStructured);
  if (text.length === entry.content.length) {
    const cut = { ...(entry.cut?.content === undefined ? {} : { content: entry.cut.content }), ...metadataCut };
    return { ...bare, content: text, cut };
  }
  const totalCharacters = entry.cut?.content?.totalCharacters ?? longestPrefix(entry.content, Infinity, false).characters;
  return { ...bare, content: text, cut: { content: { nextOffset: characters, totalCharacters }, ...metadataCut } };
}
