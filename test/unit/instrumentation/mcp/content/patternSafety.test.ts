import { expect, it } from 'vitest';
import { mayRunAway } from '../../../../../src/instrumentation/mcp/content/patternSafety.js';

it.each([
  '(a+)+',
  '(a*)*b',
  '(?:a+){2,}',
  '(a|a)*',
  '(?:a|ab)+$',
  '(a?a)*',
  '((a+)b)*',
  '(?<x>\\w+\\s?)+',
  '([^]]+)+',
  '(?:(?:a|b)c){20}',
  '(a{1,3})*',
  '(?:a{2,}){3}',
])('%s may run away', (source) => {
  expect(mayRunAway(source)).toBe(true);
});

it.each([
  'a+',
  '[ab]+',
  '(a+)',
  '(?:a+)?',
  '(?:ab)+',
  '\\(a+\\)+',
  '[(a+)]+',
  '(?:foo|bar)',
  '(?:foo|bar){2}',
  '(?:\\d{4}[- ]?){3,4}\\d{1,4}',
  '\\b[A-Z]{2}\\d{2}(?:[A-Z0-9]{4}){2,7}\\b',
  '(?<=x+)y',
  'a{2,3}',
  'cust-[0-9]+',
  '\\w+@\\w+\\.com',
  'x{,3}',
  '',
])('%s does not', (source) => {
  expect(mayRunAway(source)).toBe(false);
});
