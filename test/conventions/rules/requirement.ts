import { registry } from '../registry/load.js';
import type { AttributeFact, Requirement } from '../registry/load.js';
import { CONDITIONS, OPT_IN, VALUES } from './conditions.js';
import type { Rule, Signal } from './conditions.js';
import { ABSENT } from './expectation.js';
import type { Expectation } from './expectation.js';
import type { Operation } from './operation.js';

/** The rule for an attribute at a level of requirement; throws when the pin has a condition this suite does not know. */
function ruleFor(key: string, { level, condition }: Requirement): Rule {
  if (level === 'opt_in') return OPT_IN[key] ?? (() => ABSENT);
  const byValue = VALUES[key];
  if (byValue !== undefined) return byValue;
  const byCondition = condition === undefined ? undefined : CONDITIONS[condition];
  if (byCondition === undefined) throw new Error(`no rule for ${key}: ${level} ${condition ?? ''}`);
  return byCondition;
}

/** What the conventions say of every attribute of a signal, for one operation. */
export function expectationsOf(
  attributes: Readonly<Record<string, Requirement>>,
  operation: Operation,
  signal: Signal,
): Map<string, Expectation> {
  return new Map(Object.entries(attributes).map(([key, requirement]) => [key, ruleFor(key, requirement)(operation, signal)]));
}

/** Names of template attributes end in a part of their own. */
function templateOf(key: string): AttributeFact | undefined {
  const fact = registry.attributes[key.slice(0, key.lastIndexOf('.'))];
  return fact?.type === 'template[string]' ? fact : undefined;
}

/** Whether a value has the type, the case and, in a closed set, the membership the registry asks for. */
export function wellTyped(key: string, value: unknown): boolean {
  const fact = registry.attributes[key] ?? templateOf(key);
  if (fact === undefined) return false;
  if (fact.type === 'int') return typeof value === 'number' && Number.isInteger(value);
  if (fact.type === 'any') return true;
  if (typeof value !== 'string') return false;
  if (fact.lowerCase === true && value !== value.toLowerCase()) return false;
  return fact.open === true || fact.members === undefined || fact.members.includes(value);
}
