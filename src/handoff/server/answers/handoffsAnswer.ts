import type { HandoffStatus, InboxItem } from '../../sessions/handoffs/handoff.js';
import type { Sessions } from '../../sessions/sessions.js';
import type { RequestType } from '../../sessions/types.js';
import type { AnswerRoom } from './answerRoom.js';
import { howManyFit } from './fitting.js';

/** Parameters of the inbox resource and the tool `list_handoffs`. */
export interface HandoffsQuestion {
  readonly agent: string;
  readonly status?: HandoffStatus | undefined;
  readonly requestType?: RequestType | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** Whether somebody only looks, which does not make the agent one that uses its inbox. */
  readonly isOnlyALook?: boolean;
}

export const DEFAULT_HANDOFFS_LIMIT = 100;
export const MAX_HANDOFFS_LIMIT = 1000;

/** Answers with a page of an agent's inbox that fits into an answer, at least one handoff if there is any. */
export async function handoffsAnswer(
  sessions: Sessions,
  { agent, status, requestType, limit, cursor, isOnlyALook }: HandoffsQuestion,
  room: AnswerRoom,
): Promise<{ items: readonly InboxItem[]; nextCursor?: string }> {
  const page = await sessions.listHandoffs({
    agent,
    limit: limit ?? DEFAULT_HANDOFFS_LIMIT,
    ...(status === undefined ? {} : { status }),
    ...(requestType === undefined ? {} : { requestType }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(isOnlyALook === true ? { isOnlyALook } : {}),
  });
  const count = howManyFit(page.items, room);
  const items = count === 0 ? page.items.slice(0, 1).map(withoutData) : page.items.slice(0, count);
  const goesOn = items.length < page.items.length ? page.cursors[items.length - 1] : page.nextCursor;
  return { items, ...(goesOn === undefined ? {} : { nextCursor: goesOn }) };
}

function withoutData(item: InboxItem): InboxItem {
  return { ...item, requestData: {}, answer: null, leftOut: ['requestData', 'answer'] };
}
