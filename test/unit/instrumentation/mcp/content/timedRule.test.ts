import { describe, expect, it } from 'vitest';
import { createCapture } from '../../../../../src/instrumentation/mcp/content/capture.js';
import { timedRule } from '../../../../../src/instrumentation/mcp/content/timedRule.js';

describe('a pattern of the host', () => {
  it('finds what it matches', () => {
    const found: string[] = [];
    const text = 'order-17 and order-4';
    timedRule(/order-\d+/gu, () => undefined).find(text, (start, end) => found.push(text.slice(start, end)));
    expect(found).toEqual(['order-17', 'order-4']);
  });

  it('is stopped when it takes cubic time, and nothing is shown from then on', () => {
    const problems: string[] = [];
    const capture = createCapture(
      { arguments: true, errorMessages: true, redactPatterns: [/\w+\.?\w+@corp\.com/] },
      { report: (problem) => problems.push(problem) },
    );
    const startMs = performance.now();
    expect(capture?.argumentsOf('tool', { text: 'a'.repeat(100_000) })).toEqual({});
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(problems).toHaveLength(1);
    expect(capture?.argumentsOf('tool', { text: 'short' })).toEqual({});
    expect(capture?.errorMessage('short')).toBeUndefined();
  });

  it('shows no error message it could not search', () => {
    const capture = createCapture({ errorMessages: true, redactPatterns: [/\w+\.?\w+@corp\.com/] }, { report: () => undefined });
    expect(capture?.errorMessage('a'.repeat(50_000))).toBeUndefined();
  });
});
