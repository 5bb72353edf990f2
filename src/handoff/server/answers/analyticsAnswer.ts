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

function fits(answer: object, { bytes, isStructured }: AnswerRoom): boolean {
  return mostWireBytes(answer) <= bytes || wireBytes(answer, isStructured) <= bytes;
}
