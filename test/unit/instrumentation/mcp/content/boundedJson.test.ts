import { describe, expect, it } from 'vitest';
import { boundedJson } from '../../../../../src/instrumentation/mcp/content/boundedJson.js';
import { standardRedaction } from './redaction.js';

const json = (value: unknown, maxBytes = 4096): string | undefined => boundedJson(value, maxBytes, standardRedaction());
const parsed = (value: unknown, maxBytes?: number): unknown => JSON.parse(json(value, maxBytes) ?? 'nothing');

function throwing(): never {
  throw new Error('broken getter');
}

describe('the JSON text of a value', () => {
  it.each([
    ['text', 'a "b"\n', '"a \\"b\\"\\n"'],
    ['null', null, 'null'],
    ['numbers', [0, -1.5, Number.NaN, Infinity, 1e21], '[0,-1.5,null,null,1e+21]'],
    ['what has no JSON form, in a list', [undefined, (): number => 1, Symbol('secret')], '[null,null,null]'],
    [
      'what has no JSON form, in an object',
      { a: undefined, b: (): number => 1, c: Symbol('secret'), [Symbol('d')]: 1, e: true },
      '{"e":true}',
    ],
    ['bigints', [12n, -(10n ** 39n)], '[12,-1000000000000000000000000000000000000000]'],
    ['a bigint too long to write', 1n << 100_000n, '"[bigint]"'],
    ['a date', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    ['a URL', new URL('http://x/y'), '"http://x/y"'],
    ['toJSON', { a: { toJSON: (key: string) => ({ key }) } }, '{"a":{"key":"a"}}'],
    ['toJSON that hides a secret', { a: { value: 'visible', toJSON: () => '***' } }, '{"a":"***"}'],
    ['toJSON that throws', { a: { toJSON: throwing }, b: 1 }, '{"a":"[unreadable]","b":1}'],
    ['boxes', [Object('a'), Object(1), Object(true)], '["a",1,true]'],
    [
      'a map',
      new Map<unknown, unknown>([
        ['a', 1],
        [2, 'b'],
        [{}, 3],
      ]),
      '{"a":1,"2":"b","[object]":3}',
    ],
    ['a set', new Set([1, 'a']), '[1,"a"]'],
    ['binary data', [Buffer.from('abc'), new Float64Array(2), new ArrayBuffer(5)], '["[3 bytes]","[16 bytes]","[5 bytes]"]'],
    ['a getter that throws', Object.defineProperty({ b: 1 }, 'a', { get: throwing, enumerable: true }), '{"b":1,"a":"[unreadable]"}'],
    ['a lone surrogate', ['\ud800'], String.raw`["\ud800"]`],
    [
      'prototype keys',
      JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":null}'),
      '{"__proto__":{"a":1},"constructor":2,"toString":null}',
    ],
    ['an object without prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['an error', new Error('message'), '{}'],
  ])('%s', (_what, value: unknown, expected) => {
    expect(json(value)).toBe(expected);
  });

  it('does not exist for what has no JSON form', () => {
    expect([json(undefined), json(throwing), json(Symbol('s'))]).toEqual([undefined, undefined, undefined]);
  });

  it('ends at cycles and at a depth', () => {
    const cycle: Record<string, unknown> = { a: 1 };
    cycle['self'] = [cycle];
    expect(json(cycle)).toBe('{"a":1,"self":["[circular]"]}');
    const shared = { a: 1 };
    expect(json([shared, shared])).toBe('[{"a":1},{"a":1}]');
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(json(deep)).toBe(`${'['.repeat(16)}"[nested]"${']'.repeat(16)}`);
    const endless = { toJSON: (): unknown => ({ next: { ...endless } }) };
    expect(json(endless)).toContain('"[nested]"');
  });

  it('tells proxies that throw as unreadable, and does not mind revoked ones', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(json([proxy, new Proxy({}, { ownKeys: throwing }), new Proxy([1], { get: throwing }), new Proxy({ a: 1 }, {})])).toBe(
      '["[unreadable]","[unreadable]","[unreadable]",{"a":1}]',
    );
  });

  it('tells blobs by their size', () => {
    const content = [
      { type: 'image', mimeType: 'image/png', data: Buffer.alloc(100).toString('base64') },
      { type: 'resource', resource: { uri: 'a:b', blob: 'YWJj' } },
      { data: 'plain' },
      { data: 7, mimeType: 'x', blob: 8 },
    ];
    expect(parsed(content)).toEqual([
      { type: 'image', mimeType: 'image/png', data: '[100 bytes]' },
      { type: 'resource', resource: { uri: 'a:b', blob: '[3 bytes]' } },
      { data: 'plain' },
      { data: 7, mimeType: 'x', blob: 8 },
    ]);
  });
});

describe('secrets', () => {
  it('go with everything under their key, at any depth', () => {
    expect(json({ a: [{ Password: { b: 1 }, token: ['x'], c: 2 }], 'api-key': 7, secret: null })).toBe(
      '{"a":[{"Password":"[redacted]","token":"[redacted]","c":2}],"api-key":"[redacted]","secret":"[redacted]"}',
    );
    expect(json(new Map([['password', 'x']]))).toBe('{"password":"[redacted]"}');
  });

  it('go in pairs of name and value, and in lists of flags', () => {
    expect(
      json([
        { name: 'Authorization', value: 'x' },
        { name: 'Accept', value: 'y' },
        { key: 'password', values: ['z'] },
      ]),
    ).toBe('[{"name":"Authorization","value":"[redacted]"},{"name":"Accept","value":"y"},{"key":"password","values":"[redacted]"}]');
    expect(json({ name: 'a long text, and no name '.repeat(20), value: 1 }, 8192)).toMatch(/"value":1}$/);
    expect(json(['--password', 'x', 'Cookie:', 'y', 'the password', 'z'])).toBe(
      '["--password","[redacted]","Cookie:","[redacted]","the password","z"]',
    );
  });

  it('go by their form in texts, keys and numbers', () => {
    expect(json({ 'Bearer abcdef': 'AKIAIOSFODNN7EXAMPLE', card: 4111111111111111, cards: [4111111111111111n] })).toBe(
      '{"[redacted]":"[redacted]","card":"[redacted]","cards":["[redacted]"]}',
    );
    expect(json({ ['k'.repeat(300)]: 'x' })).toBe('{"[long key]":"[redacted]"}');
  });
});

describe('the room', () => {
  it.each([
    ['a text', 'x'.repeat(5000), /^"x{4000,}…\[truncated\]"$/],
    ['a list', Array.from({ length: 5000 }, () => 1), /^\[1,(?:1,){2000,}"\[truncated\]"\]$/],
    ['an object', Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`k${index}`, 1])), /^\{"k0":1,.*,"\[truncated\]":true\}$/],
    ['nesting', { a: [{ b: ['y'.repeat(5000)] }], c: 1 }, /^\{"a":\[\{"b":\["y{4000,}…\[truncated\]"\]\}\]\}$/],
  ])('when used up by %s, is said to be', (_what, value, expected) => {
    const text = json(value) ?? '';
    expect(text).toMatch(expected);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(text)).toBeGreaterThan(4050);
  });

  it('is never overstepped, and what is written always JSON', () => {
    const value = {
      text: 'é€😀"\n\u0001'.repeat(40),
      list: ['😀', [1, { a: [[]] }], '\ud800x'],
      empty: {},
      [`key ${'😀'.repeat(20)}`]: null,
    };
    const whole = json(value, 65_536) ?? '';
    for (let maxBytes = 64; maxBytes < Buffer.byteLength(whole) + 30; maxBytes += 1) {
      const text = json(value, maxBytes) ?? '';
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
      expect(JSON.stringify(JSON.parse(text)).length).toBeGreaterThan(maxBytes / 4 - 20);
      expect(text).not.toMatch(/\\ud8(?!00)/);
    }
  });

  it('does not let a secret that crosses its end be seen in part, however much follows', () => {
    for (const after of [100, 20_000]) {
      for (let before = 0; before < 120; before += 1) {
        const text = json(`${'x '.repeat(before / 2)}ghp_SecretSecretSecretSecretSecret${' y'.repeat(after)}`, 128) ?? '';
        expect(text).not.toMatch(/ghp|Secret/);
      }
    }
  });

  it('does not cut a pair of surrogates where a redacted text ends', () => {
    for (let before = 0; before < 40; before += 1) {
      const text = json(`ghp_${'x'.repeat(40 + before)} ${'😀'.repeat(100)}`, 128) ?? '';
      expect(text).toMatch(/^"\[redacted\] 😀*…\[truncated\]"$/u);
    }
  });
});
