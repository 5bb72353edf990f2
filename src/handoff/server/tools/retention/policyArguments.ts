import { z } from 'zod';
import { allowedValue, policyNames, policyRanges, tooLarge, tooSmall } from '../../../retention/retentionPolicy.js';
import type { PolicyValue } from '../../../retention/retentionPolicy.js';

function value(key: PolicyValue) {
  const { min, max } = policyRanges[key];
  return z
    .number()
    .min(min, tooSmall(min))
    .max(max, tooLarge(max))
    .optional()
    .describe(`${allowedValue(key)}; default: what the policy has`);
}

/** The arguments that describe a retention policy, each with its unit and limits, from the table that the services check by. */
export const policyArguments = {
  name: z.string().regex(policyNames.pattern, policyNames.problem).describe(policyNames.allowed),
  activeSessionTtl: value('activeSessionTtl'),
  archivedSessionTtl: value('archivedSessionTtl'),
  logRetentionDays: value('logRetentionDays'),
  metricsRetentionDays: value('metricsRetentionDays'),
  dormantThresholdHours: value('dormantThresholdHours'),
};
