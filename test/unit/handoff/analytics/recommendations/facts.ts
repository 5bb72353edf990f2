import { expect } from 'vitest';
import type { Facts } from '../../../../../src/handoff/analytics/recommendations/facts/facts.js';
import { judge } from '../../../../../src/handoff/analytics/recommendations/judge.js';
import type { Recommendation } from '../../../../../src/handoff/analytics/recommendations/recommendation.js';
import type { Rule } from '../../../../../src/handoff/analytics/recommendations/rule.js';

export const FROM = new Date('2026-05-01T00:00:00Z');
export const TO = new Date('2026-05-08T00:00:00Z');
export const span = { from: FROM, to: TO };

/** What one rule makes of facts; each recommendation is complete. */
export function found(rule: Rule, facts: Facts): readonly Recommendation[] {
  const made = judge([rule], facts);
  for (const recommendation of made) {
    const { evidence, expectedEffect, howToCheck, change } = recommendation;
    expect(evidence.length).toBeGreaterThan(0);
    for (const { name, value, unit, from, to } of evidence) {
      expect([name, unit]).not.toContain('');
      expect(Number.isFinite(value), name).toBe(true);
      expect((from ?? to).getTime()).toBeLessThanOrEqual(to.getTime());
    }
    expect(`${expectedEffect} ${howToCheck} ${change.text}`).not.toMatch(/undefined|NaN|null|Infinity/u);
  }
  return made;
}

/** The rule says nothing of these facts. */
export function expectNothing(rule: Rule, facts: Facts): void {
  expect(found(rule, facts)).toEqual([]);
}
