import { expect, it } from 'vitest';
import { answerRoom } from '../../../../../src/handoff/server/answers/answerRoom.js';
import { fittingContext, fittingSession } from '../../../../../src/handoff/server/answers/fitting.js';
import type { FullContext } from '../../../../../src/handoff/sessions/readContext.js';
import type { ContextEntry, Session } from '../../../../../src/handoff/sessions/types.js';
import { summary } from '../fakeSessions.js';
import { session } from '../../sessions/samples.js';

const ROOM = { bytes: 100_000, isStructured: false };
const CUT = { metadata: {}, cut: { metadata: { nextOffset: 0 } } };
const text = (bytes: number): { readonly text: string } => ({ text: 'x'.repeat(bytes) });

function contextOf(sessionBytes: number, ...entries: readonly Partial<ContextEntry>[]): FullContext {
  const contextHistory = entries.map((entry, index) => ({
    id: `e${index}`,
    sessionId: session.id,
    sequenceNumber: index + 1,
    contextType: 'message',
    content: 'c',
    metadata: {},
    createdAt: session.createdAt,
    processingTimeMs: null,
    contentSizeBytes: 1,
    ...entry,
  }));
  return { session: { ...session, metadata: text(sessionBytes) }, contextHistory, summary };
}

it('an answer has room for what the limit leaves beside what it repeats, and always for a session without its metadata', () => {
  const repeated = { id: 1, uri: `handoff://sessions?${'x'.repeat(100_000)}` };
  const repeatedBytes = Buffer.byteLength(JSON.stringify(repeated));
  expect(answerRoom(1_000_000, true, repeated)).toEqual({ bytes: 1_000_000 - 16_384 - repeatedBytes, isStructured: true });
  expect(answerRoom(1000, false, { id: 1 })).toEqual({ bytes: 262_144, isStructured: false });
});

it('a session is whole where it fits, also when only counting shows that', () => {
  const fits: Session = { ...session, metadata: text(90_000) };
  expect(fittingSession(fits, ROOM)).toBe(fits);
  expect(fittingSession({ ...session, metadata: text(110_000) }, ROOM)).toEqual({ ...session, ...CUT });
});

it('the session takes at most half of an answer that was asked for entries', () => {
  expect(fittingContext(contextOf(40_000, {}), ROOM).session.metadata).toEqual(text(40_000));
  const { session: cut, contextHistory } = fittingContext(contextOf(60_000, { content: 'y'.repeat(80_000) }), ROOM);
  expect(cut).toMatchObject(CUT);
  expect(contextHistory[0]).not.toHaveProperty('cut');
});

it('metadata takes at most half of an answer whose entry has to be cut', () => {
  const content = 'y'.repeat(200_000);
  const shown = (bytes: number): ContextEntry | undefined =>
    fittingContext(contextOf(1, { content, metadata: text(bytes) }), ROOM).contextHistory[0];
  expect(shown(40_000)).toMatchObject({ metadata: text(40_000), cut: { content: { totalCharacters: 200_000 } } });
  expect(shown(60_000)).toMatchObject({ metadata: {}, cut: { metadata: { nextOffset: 0 }, content: { totalCharacters: 200_000 } } });
  expect(shown(60_000)?.content.length).toBeGreaterThan(90_000);
});
