import type { Sessions } from '../../sessions/sessions.js';
import type { ContextPart, ContextType } from '../../sessions/types.js';
import type { InputProblem } from './inputProblem.js';
import type { AnswerRoom } from './answerRoom.js';
import { fittingContext } from './fitting.js';
import { longestPrefix, wireBytes } from './jsonSize.js';

/** Parameters of the context resource and the tool `get_context`. */
export interface ContextQuestion {
  readonly sessionKey: string;
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
  readonly type?: ContextType | undefined;
  readonly part?: ContextPart | undefined;
  readonly entry?: number | undefined;
  readonly offset?: number | undefined;
}

export type ContextAnswer =
  | { readonly kind: 'answer'; readonly body: object }
  | { readonly kind: 'invalid'; readonly problems: readonly InputProblem[] }
  | { readonly kind: 'session_not_found' }
  | { readonly kind: 'entry_not_found'; readonly entry: number };

export const MAX_CONTEXT_LIMIT = 1000;
const WITH_PART = ['entry', 'offset'] as const;
const WITHOUT_PART = ['after', 'limit', 'type'] as const;

/** Answers with a page of the context, or with `part` a range of one text that a page did not show in full. */
export async function contextAnswer(sessions: Sessions, question: ContextQuestion, room: AnswerRoom): Promise<ContextAnswer> {
  const problems = contradictions(question);
  if (problems.length > 0) return { kind: 'invalid', problems };
  const { sessionKey, part } = question;
  if (part !== undefined) return partAnswer(sessions, { ...question, part }, room);
  const { after, limit, type } = question;
  const context = await sessions.context({
    sessionKey,
    afterSequenceNumber: after ?? 0,
    limit: limit ?? MAX_CONTEXT_LIMIT,
    ...(type === undefined ? {} : { contextType: type }),
  });
  if (context === undefined) return { kind: 'session_not_found' };
  const { session, contextHistory, summary, nextAfterSequenceNumber } = fittingContext(context, room);
  const nextAfter = nextAfterSequenceNumber === undefined ? {} : { nextAfter: nextAfterSequenceNumber };
  return { kind: 'answer', body: { session, contextHistory, summary, ...nextAfter } };
}

async function partAnswer(
  sessions: Sessions,
  { sessionKey, part, entry, offset = 0 }: ContextQuestion & { readonly part: ContextPart },
  room: AnswerRoom,
): Promise<ContextAnswer> {
  const outcome = await sessions.part({ sessionKey, part, offset, ...(entry === undefined ? {} : { sequenceNumber: entry }) });
  if (outcome.kind === 'session_not_found') return outcome;
  if (outcome.kind === 'entry_not_found') return { kind: 'entry_not_found', entry: entry ?? 0 };
  const { totalCharacters } = outcome;
  const body = (text: string, characters: number): object => {
    const end = offset + characters;
    return {
      sessionKey,
      part,
      ...(entry === undefined ? {} : { entry }),
      offset,
      text,
      totalCharacters,
      ...(end < totalCharacters ? { nextOffset: end } : {}),
    };
  };
  const { text, characters } = longestPrefix(outcome.text, room.bytes - wireBytes(body('', 0), room.isStructured), room.isStructured);
  return { kind: 'answer', body: body(text, characters) };
}

/** Finds requests for both a page and a range, or for a range without its text. */
function contradictions({ part, ...question }: ContextQuestion): InputProblem[] {
  const given = (names: readonly (keyof typeof question)[]): (keyof typeof question)[] =>
    names.filter((name) => question[name] !== undefined);
  if (part === undefined)
    return given(WITH_PART).map((path) => ({
      path,
      problem: 'can only be used with part',
      allowed: 'part, which selects the text to read a range of',
    }));
  const problems: InputProblem[] = given(WITHOUT_PART).map((path) => ({
    path,
    problem: 'cannot be used with part',
    allowed: 'entry and offset together with part',
  }));
  if (part !== 'session_metadata' && question.entry === undefined)
    problems.push({ path: 'entry', problem: 'is missing', allowed: 'the sequenceNumber of the entry' });
  if (part === 'session_metadata' && question.entry !== undefined)
    problems.push({ path: 'entry', problem: 'cannot be used with part session_metadata', allowed: 'no entry' });
  return problems;
}
