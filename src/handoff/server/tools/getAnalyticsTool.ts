import { z } from 'zod';
import { TimeRangeError } from '../../../errors/analyticsErrors.js';
import type { Analytics } from '../../analytics/analytics.js';
import { analyticsTypeNames, analyticsTypes } from '../../analytics/answers/analyticsTypes.js';
import { DEFAULT_RANGE_DAYS } from '../../analytics/answers/request.js';
import { READABLE_TIMES } from '../../analytics/ranges/readTime.js';
import { timeUnits } from '../../analytics/ranges/timeZone.js';
import { DEFAULT_GROUPS, MAX_GROUPS, groupings } from '../../analytics/reports/options.js';
import { analyticsAnswer } from '../answers/analyticsAnswer.js';
import { listIcon } from '../icons.js';
import { analyticsOutput } from './analyticsOutput.js';
import { failure, success } from './reply.js';
import type { ToolDefinition } from './toolDefinition.js';

const MAX_TIME_CHARS = 64;

function text(description: string) {
  return z.string().min(1, 'is empty').max(MAX_TIME_CHARS, `is longer than ${MAX_TIME_CHARS} characters`).optional().describe(description);
}

const shape = {
  type: z
    .enum(analyticsTypeNames)
    .describe(`Type of the report: ${analyticsTypeNames.map((name) => `${name} (${analyticsTypes[name].tells})`).join('; ')}`),
  from: text(`Beginning of the range: ${READABLE_TIMES} before to; default ${DEFAULT_RANGE_DAYS}d`),
  to: text(`End of the range, in the same forms; default now`),
  timeZone: text('Time zone of days, weeks and months, an IANA name such as Europe/Berlin; default UTC'),
  granularity: z
    .enum(timeUnits)
    .optional()
    .describe(`Length of the steps of series, one of: ${timeUnits.join(', ')}; default: as long as possible with at least 24 steps`),
  groupBy: z
    .enum(groupings)
    .optional()
    .describe(`Also report the figures for each value of one of: ${groupings.join(', ')}; which of these are allowed depends on type`),
  maxGroups: z
    .int()
    .min(1, 'is smaller than 1')
    .max(MAX_GROUPS, `is larger than ${MAX_GROUPS}`)
    .optional()
    .describe(`Number of values that are listed, 1 to ${MAX_GROUPS}, with the others summed up as _OTHER; default ${DEFAULT_GROUPS}`),
};

export function getAnalyticsTool(analytics: Pick<Analytics, 'answer'>) {
  return {
    name: 'get_analytics',
    title: 'Show analytics',
    description:
      'Reports what happened in a time range, from counts that are kept longer than the sessions and contain nothing of their content. coverage says how much of the range has been added up so far; null means that there is no measurement.',
    icons: listIcon,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    output: analyticsOutput,
    internalError: 'Failed to read analytics',
    isUnmeasured: true,
    run: async ({ type, ...request }, room) => {
      try {
        return success(await analyticsAnswer(analytics, type, request, room()));
      } catch (thrown) {
        if (!(thrown instanceof TimeRangeError)) throw thrown;
        return failure('Invalid input', { problems: thrown.data.problems });
      }
    },
  } satisfies ToolDefinition<typeof shape>;
}
