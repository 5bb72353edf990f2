import type { z } from 'zod';

/** How long sessions, logs and metrics are kept. Fractions are allowed. */
export interface RetentionPolicy {
  /** 1 to 50 lower-case letters, digits, `-` and `_`, beginning with a letter. */
  readonly name: string;
  /** Hours without activity after which a session expires, 0.001 to 87600. */
  readonly activeSessionTtl: number;
  /** Days in the archive after which a session is deleted, 0 to 36500. */
  readonly archivedSessionTtl: number;
  /** Days after which lifecycle events and performance logs may go, 1 to 36500. The longest of all policies applies. */
  readonly logRetentionDays: number;
  /** Days after which system metrics may go, 1 to 36500. The longest of all policies applies. */
  readonly metricsRetentionDays: number;
  /**
   * Hours without activity after which a session is dormant, 0.001 to 87600 and no more than `activeSessionTtl`. Default: what the policy
   * has, lowered to `activeSessionTtl` where that is shorter; for a new policy a twelfth of `activeSessionTtl`.
   */
  readonly dormantThresholdHours?: number | undefined;
}

/** A policy as it is stored, with all its values. */
export interface StoredPolicy extends RetentionPolicy {
  readonly dormantThresholdHours: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** The policy of sessions for which nothing else was chosen, and of those that name a policy that does not exist. It cannot be removed. */
export const DEFAULT_POLICY = 'standard';

export const MAX_POLICY_NAME_LENGTH = 50;
/** A new policy's `activeSessionTtl` is this many times its `dormantThresholdHours`. */
export const TTL_PER_DORMANT_THRESHOLD = 12;

const NAME = /^[a-z][a-z0-9_-]{0,49}$/;
const MIN_HOURS = 0.001;
const MAX_HOURS = 87_600;
const MAX_DAYS = 36_500;

/** The arguments that describe a policy, each with its unit and range. `zod` is passed in, as it is an optional package. */
export function policyShape(zod: typeof z) {
  const amount = (what: string, min: number, max: number) =>
    zod.number().min(min, `is smaller than ${min}`).max(max, `is larger than ${max}`).describe(`${what}: ${min} to ${max}`);
  const dormant = amount('Hours without activity after which a session is dormant, at most activeSessionTtl', MIN_HOURS, MAX_HOURS);
  return {
    name: zod
      .string()
      .regex(NAME, 'is not a name of 1 to 50 lower-case letters, digits, - and _ that begins with a letter')
      .describe('Name of the policy: 1 to 50 lower-case letters, digits, - and _, beginning with a letter'),
    activeSessionTtl: amount('Hours without activity after which a session expires', MIN_HOURS, MAX_HOURS),
    archivedSessionTtl: amount('Days in the archive after which a session is deleted', 0, MAX_DAYS),
    logRetentionDays: amount('Days after which lifecycle events and performance logs may be deleted', 1, MAX_DAYS),
    metricsRetentionDays: amount('Days after which system metrics may be deleted', 1, MAX_DAYS),
    dormantThresholdHours: dormant.optional().describe(`${dormant.description ?? ''}; default: what the policy has`),
  };
}

/** Returns a schema of `RetentionPolicy`, with the checks that no single value can fail. */
export function policySchema(zod: typeof z) {
  return zod.object(policyShape(zod)).superRefine((policy, context) => {
    const problem = crossProblem(policy);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['dormantThresholdHours'], message: problem });
  });
}

/** Returns what is wrong with values that are each in range, or `undefined`. */
function crossProblem({
  activeSessionTtl,
  dormantThresholdHours,
}: Pick<RetentionPolicy, 'activeSessionTtl' | 'dormantThresholdHours'>): string | undefined {
  return dormantThresholdHours !== undefined && dormantThresholdHours > activeSessionTtl
    ? `is longer than activeSessionTtl (${activeSessionTtl} hours): the session would expire first`
    : undefined;
}
