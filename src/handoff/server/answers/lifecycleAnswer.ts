import type { LifecyclePage } from '../../sessions/handoffs/readLifecycle.js';
import type { AnswerRoom } from './answerRoom.js';
import { howManyFit } from './fitting.js';
import { wireBytes } from './jsonSize.js';

export const DEFAULT_EVENTS_LIMIT = 100;
export const MAX_EVENTS_LIMIT = 1000;

/** Returns a session's lifecycle with as many of its events as fit into an answer, at least one. */
export function fittingLifecycle({ lifecycle, cursors, nextCursor }: LifecyclePage, room: AnswerRoom): object {
  const { events, ...head } = lifecycle;
  const left = { ...room, bytes: room.bytes - wireBytes(head, room.isStructured) };
  const shown = events.slice(0, Math.max(1, howManyFit(events, left)));
  const goesOn = shown.length < events.length ? cursors[shown.length - 1] : nextCursor;
  return { ...head, events: shown, ...(goesOn === undefined ? {} : { nextCursor: goesOn }) };
}
