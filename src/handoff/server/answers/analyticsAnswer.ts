import { TimeRangeError } from '../../../errors/analyticsErrors.js';
import type { Analytics } from '../../analytics/analytics.js';
import type { AnalyticsAnswer } from '../../analytics/answers/answer.js';
import type { AnalyticsType } from '../../analytics/answers/analyticsTypes.js';
import type { AnalyticsRequest } from '../../analytics/answers/request.js';
import { timeUnits } from '../../analytics/ranges/timeZone.js';
import type { AnswerRoom } from './answerRoom.js';
import { mostWireBytes, wireBytes } from './jsonSize.js';

/**
 * Answers a question about analytics within the room. Where the request leaves the size of parts open, they become as large as it takes;
 * otherwise an answer that does not fit is refused: a part of a series would look like all of it.
 *
 * @throws TimeRangeError that also says what to ask instead
 */
export async function analyticsAnswer(
  analytics: Pick<Analytics, 'answer'>,
  type: AnalyticsType,
  request: AnalyticsRequest,
  room: AnswerRoom,
): Promise<AnalyticsAnswer> {
  const answer = await analytics.answer(type, request);
  if (fits(answer, room)) return answer;
  if (answer.granularity === undefined) return shortened(answer, room);
  const larger = request.granularity === undefined ? timeUnits.slice(timeUnits.indexOf(answer.granularity) + 1) : [];
  for (const granularity of larger) {
    const coarser = await analytics.answer(type, { ...request, granularity });
    if (fits(coarser, room)) return coarser;
  }
  throw new TimeRangeError([
    {
      path: 'granularity',
      problem: `makes an answer of more than ${room.bytes} bytes`,
      allowed: 'a larger unit, fewer groups or a shorter range',
    },
  ]);
}

/** Leaves out the last of a list, which are the least important, and says how many. */
function shortened(answer: AnalyticsAnswer, room: AnswerRoom): AnalyticsAnswer {
  const [name, list] = Object.entries(answer).find((member): member is [string, unknown[]] => Array.isArray(member[1])) ?? ['', []];
  let kept = list.length;
  let shorter = answer;
  while (kept > 0 && !fits(shorter, room)) {
    kept = Math.floor(kept / 2);
    shorter = { ...answer, [name]: list.slice(0, kept), leftOut: list.length - kept };
  }
  return shorter;
}

function fits(answer: object, { bytes, isStructured }: AnswerRoom): boolean {
  return mostWireBytes(answer) <= bytes || wireBytes(answer, isStructured) <= bytes;
}
