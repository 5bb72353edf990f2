import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { TimeRangeError } from '../../../errors/analyticsErrors.js';
import type { Analytics } from '../../analytics/analytics.js';
import { analyticsTypeNames, isAnalyticsType } from '../../analytics/answers/analyticsTypes.js';
import { DEFAULT_RANGE_DAYS } from '../../analytics/answers/request.js';
import { READABLE_TIMES } from '../../analytics/ranges/readTime.js';
import { timeUnits } from '../../analytics/ranges/timeZone.js';
import { MAX_GROUPS, groupings } from '../../analytics/reports/options.js';
import { analyticsAnswer } from '../answers/analyticsAnswer.js';
import { listIcon } from '../icons.js';
import { decoded, parseParameters, wholeNumber } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';

const MAX_TIME_CHARS = 64;
/** In a query, a plus sign that is not encoded is read as a space. */
const time = z
  .string()
  .max(MAX_TIME_CHARS)
  .transform((text) => text.replace(' ', '+'))
  .optional()
  .describe(READABLE_TIMES);

export function analyticsResource(analytics: Pick<Analytics, 'answer'>): ResourceDefinition {
  const parameters = {
    from: time,
    to: time,
    timeZone: z.string().max(MAX_TIME_CHARS).optional().describe('an IANA name such as Europe/Berlin, or UTC'),
    granularity: z
      .enum(timeUnits)
      .optional()
      .describe(`one of ${timeUnits.join(', ')}`),
    groupBy: z
      .enum(groupings)
      .optional()
      .describe(`one of ${groupings.join(', ')}`),
    maxGroups: wholeNumber(1, MAX_GROUPS),
  };
  const schema = z.object({ ...parameters, type: z.string() });
  return {
    name: 'analytics',
    title: 'Analytics',
    description:
      `What happened in a time range (by default the last ${DEFAULT_RANGE_DAYS} days); type is one of ${analyticsTypeNames.join(', ')}. ` +
      'Contains nothing of the content of sessions. coverage says how much of the range has been added up so far.',
    icons: listIcon,
    uri: {
      template: 'handoff://analytics/{type}{?from,to,timeZone,granularity,groupBy,maxGroups}',
      prefix: 'handoff://analytics/',
      parameter: 'type',
      suffix: '',
      query: Object.keys(parameters),
    },
    completions: { type: analyticsTypeNames },
    isUnmeasured: true,
    read: async (uri, variables, room) => {
      const { type, ...request } = parseParameters(schema, { ...variables, type: decoded(variables['type']) });
      if (!isAnalyticsType(type))
        throw new ResourceNotFoundError(
          uri.href,
          `Analytics type not found: ${type.slice(0, MAX_TIME_CHARS)}. The types are: ${analyticsTypeNames.join(', ')}.`,
        );
      try {
        return { body: await analyticsAnswer(analytics, type, request, room) };
      } catch (thrown) {
        if (!(thrown instanceof TimeRangeError)) throw thrown;
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid resource parameters: ${thrown.message}`, thrown.data);
      }
    },
  };
}
