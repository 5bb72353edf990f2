import { describe, expect, it } from 'vitest';
import { createCapture } from '../../../../../src/instrumentation/mcp/content/capture.js';
import { timedRule } from '../../../../../src/instrumentation/mcp/content/timedRule.js';

describe('patterns of the host', () => {
  it('find what they match', () => {
    const found: string[] = [];
    const text = 'order-17 and order-4 of id x1';
    timedRule([/order-\d+/gu, /id \w+/gu], () => undefined).find(text, (start, end) => found.push(text.slice(start, end)));
    expect(found).toEqual(['order-17', 'order-4', 'id x1']);
  });

  it.each([
    ['cubic', /\w+\.?\w+@corp\.com/, 'a'.repeat(100_000)],
    ['exponential', /(a+)+$/, `${'a'.repeat(1000)}!`],
    ['exponential, by alternatives', /(?:a|a)*$/, `${'a'.repeat(1000)}!`],
  ])('are stopped when they take %s time; nothing of it is shown, and after the third time nothing at all', (_what, pattern, text) => {
    const problems: string[] = [];
    const capture = createCapture(
      { arguments: true, errorMessages: true, redactPatterns: [/harmless/, pattern] },
      { report: (problem) => problems.push(problem) },
    );
    const startMs = performance.now();
    const shown = [1, 2, 3].map(() => [capture?.argumentsOf('tool', { text }), problems.length]);
    expect(shown).toEqual([
      [{}, 0],
      [{}, 0],
      [{}, 1],
    ]);
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(problems).toEqual(['content is no longer captured: a pattern in redactPatterns takes too long']);
    expect(capture?.argumentsOf('tool', { text: 'short' })).toEqual({});
    expect(capture?.errorMessage('short')).toBeUndefined();
  });

  it('shows no error message it could not search', () => {
    const capture = createCapture({ errorMessages: true, redactPatterns: [/\w+\.?\w+@corp\.com/] }, { report: () => undefined });
    expect(capture?.errorMessage('a'.repeat(50_000))).toBeUndefined();
  });
});
