import { isDeepStrictEqual } from 'node:util';
import type { AttributeRecord, AttributeValue } from './records.js';

/** What one attribute must be: equal to a value, a string matching a pattern, accepted by a function, or (`undefined`) absent. */
export type AttributeExpectation = AttributeValue | RegExp | ((value: AttributeValue) => boolean) | undefined;

/** What some attributes must be; attributes not named may be anything. */
export type AttributeExpectations = Readonly<Record<string, AttributeExpectation>>;

/** A text that must be equal or match. */
export type TextExpectation = string | RegExp;

export function matchesText(text: string, expected: TextExpectation | undefined): boolean {
  if (expected === undefined) return true;
  // A pattern with the g flag remembers where it stopped; search() does not.
  return typeof expected === 'string' ? text === expected : text.search(expected) >= 0;
}

export function matchesAttributes(attributes: AttributeRecord, expected: AttributeExpectations | undefined): boolean {
  return Object.entries(expected ?? {}).every(([key, expectation]) =>
    matchesValue(Object.hasOwn(attributes, key) ? attributes[key] : undefined, expectation),
  );
}

function matchesValue(value: AttributeValue | undefined, expected: AttributeExpectation): boolean {
  if (value === undefined || expected === undefined) return value === expected;
  if (expected instanceof RegExp) return typeof value === 'string' && matchesText(value, expected);
  return typeof expected === 'function' ? expected(value) : isDeepStrictEqual(value, expected);
}
