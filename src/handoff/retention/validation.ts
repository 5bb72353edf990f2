import { RetentionInvalidError } from '../../errors/retentionErrors.js';
import type { RetentionProblem } from '../../errors/retentionErrors.js';
import { isMapping } from '../../values/guards.js';
import { requestTypes } from '../sessions/types.js';
import { allowedValue, policyProblems, policyValues } from './retentionPolicy.js';
import type { PolicyChange, PolicyValue, RetentionPolicy } from './retentionPolicy.js';
import type { NewRule } from './retentionRule.js';

const MAX_ACTOR_LENGTH = 100;
/** Leaves room behind it: the next rule without a position comes after it. */
const MAX_POSITION = 1_000_000_000;
export const MAX_REASON_LENGTH = 2000;

/** @throws RetentionInvalidError that lists all problems of the values given. */
export function requireValidChange(change: PolicyChange): void {
  const problems = policyProblems(change);
  if (problems.length > 0) throw new RetentionInvalidError(problems);
}

/**
 * Returns the policy that a change makes of what there is.
 *
 * @throws RetentionInvalidError if a new policy lacks a value, or if the values do not go together
 */
export function changedPolicy(change: PolicyChange, present: RetentionPolicy | undefined): RetentionPolicy {
  const value = (key: PolicyValue): number | undefined => change[key] ?? present?.[key];
  const required = (key: PolicyValue): number => value(key) ?? NaN;
  const missing = policyValues.filter((key) => key !== 'dormantThresholdHours' && value(key) === undefined);
  if (missing.length > 0)
    throw new RetentionInvalidError(
      missing.map((key) => ({ path: key, problem: 'is missing, and a new policy needs it', allowed: allowedValue(key) })),
    );
  const policy = {
    name: change.name,
    activeSessionTtl: required('activeSessionTtl'),
    archivedSessionTtl: required('archivedSessionTtl'),
    logRetentionDays: required('logRetentionDays'),
    metricsRetentionDays: required('metricsRetentionDays'),
    dormantThresholdHours: change.dormantThresholdHours,
  };
  requireValidChange(policy);
  return policy;
}

/** @throws RetentionInvalidError if the actor, or the reason where one is given, is blank or too long to be recorded. */
export function requireRecordable(actor: string, reason?: string): void {
  const problems = [
    ...textProblems('actor', actor, MAX_ACTOR_LENGTH),
    ...(reason === undefined ? [] : textProblems('reason', reason, MAX_REASON_LENGTH)),
  ];
  if (problems.length > 0) throw new RetentionInvalidError(problems);
}

/** @throws RetentionInvalidError if no session could ever fit the rule, or any would, or its place cannot be stored. */
export function requireValidRule({ agent, metadata, requestType, position }: Omit<NewRule, 'policy'>): void {
  const problems: RetentionProblem[] = agent === undefined ? [] : textProblems('agent', agent, MAX_ACTOR_LENGTH);
  if (position !== undefined && !(Number.isInteger(position) && Math.abs(position) <= MAX_POSITION))
    problems.push({
      path: 'position',
      problem: 'is not a place among the rules',
      allowed: `a whole number from ${-MAX_POSITION} to ${MAX_POSITION}`,
    });
  if (metadata !== undefined && (!isMapping(metadata) || Object.keys(metadata).length === 0))
    problems.push({
      path: 'metadata',
      problem: 'is not a JSON object with at least one key',
      allowed: 'an object that is part of the metadata',
    });
  if (requestType !== undefined && !requestTypes.some((known) => known === requestType))
    problems.push({ path: 'requestType', problem: 'is not a kind of handoff', allowed: `one of ${requestTypes.join(', ')}` });
  if (agent === undefined && metadata === undefined && requestType === undefined)
    problems.push({ path: 'rule', problem: 'has no condition', allowed: 'agent, metadata or requestType, or several of them' });
  if (problems.length > 0) throw new RetentionInvalidError(problems);
}

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
function textProblems(path: string, text: string, maxLength: number): RetentionProblem[] {
  const fits = text.trim() !== '' && text.length <= maxLength && !text.includes('\0') && text.isWellFormed();
  return fits ? [] : [{ path, problem: 'is blank, too long or not storable', allowed: `1 to ${maxLength} characters without NUL` }];
}
