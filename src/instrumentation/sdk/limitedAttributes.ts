import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { SdkModules } from './sdkModules.js';

/** The limits of a span's or a log record's attributes, and the SDK that judges by them. */
export interface AttributeRules {
  readonly core: SdkModules['core'];
  readonly limits: { readonly attributeCountLimit: number; readonly attributeValueLengthLimit: number };
  /** Whether a value that can be no attribute counts as dropped: among those that a span starts with, but not in a log record. */
  readonly countsRefused: boolean;
}

/** Attributes within the limits. */
export interface LimitedAttributes {
  readonly attributes: Attributes;
  readonly attributeCount: number;
  readonly droppedAttributesCount: number;
}

/** What became of one attribute; `dropped`: there are as many as there may be. */
export type Added = 'new' | 'changed' | 'dropped' | 'refused';

/**
 * Adds an attribute by the SDK's rules. Texts, numbers and booleans, which nearly all are, are judged here; whatever else there may be, by
 * the SDK, which makes a set for each value to find cycles in it.
 *
 * @param count how many there are already
 */
export function addAttribute(attributes: Attributes, key: string, value: AttributeValue, count: number, rules: AttributeRules): Added {
  const { core, limits } = rules;
  if (isSimple(value, limits.attributeValueLengthLimit) && key !== '') {
    if (Object.hasOwn(attributes, key)) {
      attributes[key] = value;
      return 'changed';
    }
    if (count >= limits.attributeCountLimit) return 'dropped';
    attributes[key] = value;
    return 'new';
  }
  const decision = core.maybeAddAttribute({ key, value, attributes, limits, currentAttributesCount: count });
  if (decision === core.AddAttributeDecision.ADD_NEW) return 'new';
  if (decision === core.AddAttributeDecision.ADD_OVERWRITE_EXISTING) return 'changed';
  return decision === core.AddAttributeDecision.DROP_LIMIT_REACHED ? 'dropped' : 'refused';
}

/** Copies what is within the limits. Attributes without a value are left out. */
export function limitedAttributes(given: Attributes | undefined, rules: AttributeRules): LimitedAttributes {
  // As nearly always: one look at each value, and a copy of all at once.
  const simple = given === undefined ? undefined : simpleCount(given, rules.limits);
  if (simple !== undefined) return { attributes: { ...given }, attributeCount: simple, droppedAttributesCount: 0 };
  const attributes: Attributes = {};
  let attributeCount = 0;
  let droppedAttributesCount = 0;
  if (given !== undefined) {
    for (const key of Object.keys(given)) {
      const value = given[key];
      if (value === undefined) continue;
      const added = addAttribute(attributes, key, value, attributeCount, rules);
      if (added === 'new') attributeCount += 1;
      else if (added === 'dropped' || rules.countsRefused) droppedAttributesCount += 1;
    }
  }
  return { attributes, attributeCount, droppedAttributesCount };
}

/** Returns how many attributes there are, if all of them are simple and within the limits. */
function simpleCount(given: Attributes, { attributeCountLimit, attributeValueLengthLimit }: AttributeRules['limits']): number | undefined {
  const keys = Object.keys(given);
  if (keys.length > attributeCountLimit) return undefined;
  for (const key of keys) if (key === '' || !isSimple(given[key], attributeValueLengthLimit)) return undefined;
  return keys.length;
}

function isSimple(value: unknown, longest: number): value is string | number | boolean {
  return typeof value === 'string' ? value.length <= longest : typeof value === 'number' || typeof value === 'boolean';
}
