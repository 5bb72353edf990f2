import type { RetentionProblem } from '../../errors/retentionErrors.js';
import { isMapping } from '../../values/guards.js';

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

/**
 * What a policy is to become: what is left out stays as it is, but for `dormantThresholdHours`, which is lowered to a shorter
 * `activeSessionTtl`. A new policy needs all others.
 */
export type PolicyChange = Pick<RetentionPolicy, 'name'> & { readonly [Key in PolicyValue]?: number | undefined };

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

interface PolicyRange {
  /** What the number is, with its unit. */
  readonly what: string;
  readonly min: number;
  readonly max: number;
}

const HOURS = { min: 0.001, max: 87_600 } as const;
const MAX_DAYS = 36_500;

export type PolicyValue = Exclude<keyof RetentionPolicy, 'name'>;

/** The numbers of a policy and their limits: what this process checks, and what the schema of the tool says. */
export const policyRanges: Readonly<Record<PolicyValue, PolicyRange>> = {
  activeSessionTtl: { what: 'Hours without activity after which a session expires', ...HOURS },
  archivedSessionTtl: { what: 'Days in the archive after which a session is deleted', min: 0, max: MAX_DAYS },
  logRetentionDays: { what: 'Days after which lifecycle events and performance logs may be deleted', min: 1, max: MAX_DAYS },
  metricsRetentionDays: { what: 'Days after which system metrics may be deleted', min: 1, max: MAX_DAYS },
  dormantThresholdHours: { what: 'Hours without activity after which a session is dormant, at most activeSessionTtl', ...HOURS },
};
export const policyValues = Object.keys(policyRanges) as readonly PolicyValue[];

export const policyNames = {
  pattern: /^[a-z][a-z0-9_-]{0,49}$/,
  problem: 'is not a name of 1 to 50 lower-case letters, digits, - and _ that begins with a letter',
  allowed: 'Name of the policy: 1 to 50 lower-case letters, digits, - and _, beginning with a letter',
} as const;

/** Says what a value may be, with its unit. */
export function allowedValue(key: PolicyValue): string {
  const { what, min, max } = policyRanges[key];
  return `${what}: ${min} to ${max}`;
}

export const tooSmall = (min: number): string => `is smaller than ${min}`;
export const tooLarge = (max: number): string => `is larger than ${max}`;

/** Returns everything that is wrong with the values given, each by itself and together. A caller in JavaScript may give anything. */
export function policyProblems(policy: unknown): RetentionProblem[] {
  if (!isMapping(policy)) return [{ path: 'policy', problem: 'is not an object', allowed: 'a retention policy' }];
  const problems: RetentionProblem[] = [];
  const { name } = policy;
  if (typeof name !== 'string' || !policyNames.pattern.test(name))
    problems.push({ path: 'name', problem: policyNames.problem, allowed: policyNames.allowed });
  for (const key of policyValues) {
    const problem = policy[key] === undefined ? undefined : rangeProblem(policyRanges[key], policy[key]);
    if (problem !== undefined) problems.push({ path: key, problem, allowed: allowedValue(key) });
  }
  const { activeSessionTtl: ttl, dormantThresholdHours: dormant } = policy;
  if (problems.length === 0 && typeof ttl === 'number' && typeof dormant === 'number' && dormant > ttl)
    problems.push({
      path: 'dormantThresholdHours',
      problem: `is longer than activeSessionTtl (${ttl} hours): the session would expire first`,
      allowed: allowedValue('dormantThresholdHours'),
    });
  return problems;
}

function rangeProblem({ min, max }: PolicyRange, value: unknown): string | undefined {
  if (typeof value !== 'number' || Number.isNaN(value)) return 'is not a number';
  if (value < min) return tooSmall(min);
  return value > max ? tooLarge(max) : undefined;
}
