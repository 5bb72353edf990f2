import { describe, expect, it } from 'vitest';
import { createCapture } from '../../../../../src/instrumentation/mcp/content/capture.js';
import type { Capture } from '../../../../../src/instrumentation/mcp/content/capture.js';
import type { CaptureOptions } from '../../../../../src/instrumentation/mcp/content/options.js';

function capture(options: CaptureOptions): Capture {
  const problems: string[] = [];
  const made = createCapture(options, { report: (problem) => problems.push(problem) });
  if (made === undefined || problems.length > 0) throw new Error(`no capture: ${problems.join('; ')}`);
  return made;
}

function problemsOf(options: unknown): string[] {
  const problems: string[] = [];
  expect(createCapture(options as CaptureOptions, { report: (problem) => problems.push(problem) })).toBeUndefined();
  return problems;
}

describe('content capture', () => {
  it('does not exist when nothing is asked for', () => {
    expect(problemsOf({})).toEqual([]);
    expect(
      problemsOf({ arguments: false, results: false, maxBytes: 64, redactKeys: ['x'], redactPatterns: [/x/], tools: { allow: ['a'] } }),
    ).toEqual([]);
  });

  it('gives arguments and results as JSON, each only if asked for', () => {
    const args = { q: 'a', password: 'b' };
    expect(capture({ arguments: true }).argumentsOf('t', args)).toEqual({
      'gen_ai.tool.call.arguments': '{"q":"a","password":"[redacted]"}',
    });
    expect(capture({ results: true }).resultOf('t', { content: [{ type: 'text', text: 'token=x' }] })).toEqual({
      'gen_ai.tool.call.result': '{"content":[{"type":"text","text":"token=[redacted]"}]}',
    });
    const nothing = capture({ sizes: true });
    expect([
      nothing.argumentsOf('t', args),
      nothing.resultOf('t', args),
      nothing.promptVariables('p', args),
      nothing.errorMessage('x'),
    ]).toEqual([{}, {}, {}, undefined]);
    expect(capture({ arguments: true }).requestSize({})).toEqual({});
    expect(capture({ arguments: true }).argumentsOf('t', undefined)).toEqual({});
  });

  it.each([
    [{ deny: ['b'] }, ['a', 'c']],
    [{ allow: ['a', 'b'] }, ['a', 'b']],
    [{ allow: ['a', 'b'], deny: ['b'] }, ['a']],
    [{ allow: [] }, []],
    [{ allow: ['__proto__'] }, []],
    [{}, ['a', 'b', 'c']],
  ])('with tools %j shows %j', (tools, expected) => {
    const some = capture({ arguments: true, results: true, tools });
    const shows = (tool: unknown): boolean => Object.keys({ ...some.argumentsOf(tool, {}), ...some.resultOf(tool, {}) }).length === 2;
    expect(['a', 'b', 'c', undefined, 7].filter(shows)).toEqual(expected);
  });

  it('gives each prompt variable its own attribute, up to 32 and to maxBytes in all', () => {
    const some = capture({ promptVariables: true, maxBytes: 256 });
    expect(
      some.promptVariables('p', {
        topic: 'tea',
        'api key': 'x',
        n: 7,
        o: { password: 'y' },
        u: undefined,
        ['l'.repeat(129)]: 'z',
        AKIAIOSFODNN7EXAMPLE: 'v',
      }),
    ).toEqual({
      'gen_ai.prompt.variable.topic': 'tea',
      'gen_ai.prompt.variable.api key': '[redacted]',
      'gen_ai.prompt.variable.n': '7',
      'gen_ai.prompt.variable.o': '{"password":"[redacted]"}',
      'gen_ai.prompt.variable.[redacted]': 'v',
    });
    expect(
      Object.keys(some.promptVariables('p', Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`v${index}`, 'x'])))),
    ).toHaveLength(32);
    expect(some.promptVariables('p', { a: 'é'.repeat(500), b: 'x' })).toEqual({
      'gen_ai.prompt.variable.a': `${'é'.repeat(121)}…[truncated]`,
    });
    for (const none of [undefined, null, 'text', ['x'], 7]) expect(some.promptVariables('p', none)).toEqual({});
  });

  it('measures messages as bytes of JSON text, and says nothing of those that have none', () => {
    const some = capture({ sizes: true });
    const message = { jsonrpc: '2.0', id: 1, result: { text: 'é😀' } };
    expect(some.requestSize(message)).toEqual({ 'handoff.mcp.request.size': Buffer.byteLength(JSON.stringify(message)) });
    expect(some.responseSize(message)).toEqual({ 'handoff.mcp.response.size': Buffer.byteLength(JSON.stringify(message)) });
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const none of [
      undefined,
      cycle,
      { a: 1n },
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ])
      expect(some.requestSize(none)).toEqual({});
  });

  it('redacts and cuts error texts', () => {
    const some = capture({ errorMessages: true, maxBytes: 64, redactPatterns: [/cust-\d+/iy], redactKeys: ['iban'], redactEmails: true });
    expect(some.errorMessage('for CUST-12 and cust-3: a@b.example iban=DE00')).toBe(
      'for [redacted] and [redacted]: [redacted] iban=[redacted]',
    );
    expect(some.errorMessage(`${'😀'.repeat(40)}`)).toBe(`${'😀'.repeat(12)}…[truncated]`);
    expect([some.errorMessage(undefined), some.errorMessage({ toString: () => 'x' }), some.errorMessage('')]).toEqual([
      undefined,
      undefined,
      '',
    ]);
  });
});

describe('options that cannot be used', () => {
  it.each([
    ['maxBytes', { maxBytes: 63 }, '63'],
    ['maxBytes', { maxBytes: 65_537 }, '65537'],
    ['maxBytes', { maxBytes: '4096' }, 'string'],
    ['arguments', { arguments: 'yes' }, 'string'],
    ['redactKeys', { redactKeys: 'password' }, 'string'],
    ['redactKeys', { redactKeys: ['a', ''] }, 'a list'],
    ['redactPatterns', { redactPatterns: ['x'] }, 'string'],
    ['redactPatterns', { redactPatterns: /a/ }, '/a/'],
    ['tools', { tools: [] }, 'a list'],
    ['tools.deny', { tools: { deny: 'x' } }, 'string'],
    ['tools.allow', { tools: { allow: [7] } }, 'a list'],
    ['redactKey', { redactKey: ['x'] }, 'a list'],
  ])('%s: nothing is captured, and it is said once', (key, options, given) => {
    expect(problemsOf({ arguments: true, ...options })).toEqual([
      expect.stringContaining(`no content is captured: capture.${key}: given ${given}; allowed: `),
    ]);
  });

  it('are all told together, and getters that throw are told too', () => {
    expect(problemsOf({ arguments: 1, results: 2, maxBytes: -1 })).toHaveLength(3);
    expect(
      problemsOf(
        Object.defineProperty({}, 'arguments', {
          enumerable: true,
          get: () => {
            throw new Error('no');
          },
        }),
      ),
    ).toEqual(['no content is captured: the capture options cannot be read']);
    expect(problemsOf(null)).toEqual([]);
  });
});
