import type { SessionQuery } from '../../sessions/listSessions.js';
import type { Sessions } from '../../sessions/sessions.js';
import type { Session, SessionStatus } from '../../sessions/types.js';
import type { AnswerRoom } from './answerRoom.js';
import { fittingSessions } from './fitting.js';

/** Parameters of the session listings and the tool `list_sessions`. */
export interface SessionsQuestion {
  readonly status?: SessionStatus | undefined;
  readonly agent?: string | undefined;
  readonly dormant?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export const DEFAULT_SESSIONS_LIMIT = 100;
export const MAX_SESSIONS_LIMIT = 1000;

/** Answers with a page of sessions that fits into an answer. */
export async function sessionsAnswer(
  sessions: Sessions,
  question: SessionsQuestion,
  room: AnswerRoom,
): Promise<{ items: readonly Session[]; nextCursor?: string }> {
  return fittingSessions(await sessions.list(toQuery(question)), room);
}

function toQuery({ status, agent, dormant, limit, cursor }: SessionsQuestion): SessionQuery {
  return {
    limit: limit ?? DEFAULT_SESSIONS_LIMIT,
    ...(status === undefined ? {} : { status }),
    ...(agent === undefined ? {} : { agent }),
    ...(dormant === undefined ? {} : { dormant }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
