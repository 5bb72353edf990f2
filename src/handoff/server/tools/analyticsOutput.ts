import { z } from 'zod';
import { analyticsTypeNames } from '../../analytics/answers/analyticsTypes.js';
import { timeUnits } from '../../analytics/ranges/timeZone.js';

/** What all answers of `get_analytics` have, and those of a range besides; the figures depend on the type, see docs/analytics.md. */

const time = z.string().describe('ISO 8601, UTC');

export const analyticsOutput = z.looseObject({
  success: z.literal(true),
  type: z.enum(analyticsTypeNames),
  granularity: z.enum(timeUnits).optional(),
  timeRange: z.looseObject({ start: time, end: time, timeZone: z.string() }).optional(),
  coverage: z
    .looseObject({
      aggregatedPercent: z.number().min(0).max(100).describe('Percentage of the range that has been added up'),
      watermark: time.nullable().describe('Everything before this time has been added up; null if nothing has yet'),
      start: time,
      end: time,
      lateRows: z.int().min(0).describe('Rows that arrived late and have not been added up yet'),
    })
    .optional(),
});
