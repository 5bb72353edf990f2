import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCapture } from '../../../../../src/instrumentation/mcp/content/capture.js';

/** Nobody writes such words by chance, so any six letters of one in the output are a leak. */
const secret = fc.string({ unit: fc.constantFrom('q', 'Q', 'z', 'Z', '7', 'x', 'J', 'V'), minLength: 12, maxLength: 40 });
const sensitiveKey = fc.constantFrom(
  'password',
  'dbPassword',
  'API-Key',
  'x_auth_token',
  'Authorization',
  'pin',
  'set-cookie',
  'customer_ref',
  'CustomerRef',
);
const filler = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !/[qzQZ7xJV]{3}/.test(text)),
  fc.lorem({ maxCount: 60 }),
);

/** Texts in which a secret can be told by its form or by the key it is assigned to. */
const textWithSecret = fc.tuple(secret, sensitiveKey, fc.nat(2), filler, filler).chain(([hidden, key, level, before, after]) => {
  const nested = (value: unknown, levels: number): string =>
    levels === 0 ? JSON.stringify(value, null, levels) : JSON.stringify({ text: nested(value, levels - 1) });
  return fc
    .constantFrom(
      `${before} Bearer ${hidden} ${after}`,
      `${before} ghp_${hidden}`,
      `${before} postgres://user:${hidden}@host/db ${after}`,
      `-----BEGIN PRIVATE KEY-----\n${hidden}\n${hidden}`,
      `${before} CUST-${hidden}- ${after}`,
      nested({ a: [{ [key]: hidden, b: after }] }, level),
      nested({ a: [{ [key]: { c: [`"${hidden}`, hidden] }, b: after }] }, level),
      JSON.stringify({ [key]: `\\${hidden}"${hidden}\\` }, null, 2),
      `${key}: ${hidden}`,
      `x\n${key}=${hidden} b=c`,
      `<${key}>${hidden}</${key}>`,
      `cmd --${key} "${hidden} ${hidden}" -v`,
    )
    .map((text) => ({ text, hidden }));
});

const plain = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withObjectString: true,
  withTypedArray: true,
  withSparseArray: true,
  withUnicodeString: true,
});

const buried = fc.tuple(secret, sensitiveKey, textWithSecret, plain, plain, fc.nat(6)).map(([hidden, key, text, one, other, depth]) => {
  const shapes: ((inner: unknown) => unknown)[] = [
    (inner) => ({ one, inner }),
    (inner) => [other, inner],
    (inner) =>
      new Map<unknown, unknown>([
        [{}, one],
        ['inner', inner],
      ]),
    (inner) => new Set([inner]),
    (inner) => ({ toJSON: () => inner }),
    (inner) =>
      Object.defineProperty({ inner }, 'bad', {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      }),
    (inner) => JSON.parse(`{"__proto__":{"x":1},"list":[]}`, (name, value: unknown) => (name === 'x' ? inner : value)) as unknown,
  ];
  let value: unknown = { [key]: [hidden, { deep: hidden }], headers: [{ name: key, value: hidden }, [key, hidden]], text: text.text };
  for (let level = 0; level < depth; level += 1) value = shapes[(level * 5 + hidden.length) % shapes.length]?.(value);
  return { value, hidden: [hidden, text.hidden] };
});

function leaksOf(hidden: string, shown: string): string[] {
  return Array.from({ length: hidden.length - 5 }, (_, start) => hidden.slice(start, start + 6)).filter((part) => shown.includes(part));
}

const options = {
  arguments: true,
  results: true,
  promptVariables: true,
  errorMessages: true,
  redactKeys: ['customer-ref'],
  redactPatterns: [/CUST-\w+-/],
};
const sized = new Map([64, 65, 100, 257, 4096].map((maxBytes) => [maxBytes, createCapture({ ...options, maxBytes })]));
const maxBytes = fc.constantFrom(...sized.keys());
const runs = { numRuns: 800, seed: 20261122 };
/**
 * Each text passes the time limit of a host's own pattern, which takes most of a millisecond: 25 s in all on a quiet machine of two cores.
 */
const MANY_RUNS_MS = 300_000;

it('no secret under a sensitive key, or of a secret form, is ever seen, not even six letters of it', { timeout: MANY_RUNS_MS }, () => {
  fc.assert(
    fc.property(buried, maxBytes, ({ value, hidden }, bytes) => {
      const capture = sized.get(bytes);
      const shown = JSON.stringify([
        capture?.argumentsOf('t', value),
        capture?.resultOf('t', { content: [value] }),
        capture?.promptVariables('p', value),
      ]);
      expect(hidden.flatMap((each) => leaksOf(each, shown))).toEqual([]);
    }),
    runs,
  );
});

it('no secret in an error text is ever seen', () => {
  fc.assert(
    fc.property(textWithSecret, filler, maxBytes, ({ text, hidden }, before, bytes) => {
      const shown = sized.get(bytes)?.errorMessage(`${before} ${text}`) ?? '';
      expect(leaksOf(hidden, shown)).toEqual([]);
      expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(bytes);
    }),
    runs,
  );
});

it('whatever the value: no throw, valid JSON, never more than maxBytes', { timeout: MANY_RUNS_MS }, () => {
  fc.assert(
    fc.property(plain, maxBytes, (value, bytes) => {
      const capture = sized.get(bytes);
      for (const text of Object.values({
        ...capture?.argumentsOf('t', value),
        ...capture?.resultOf('t', { content: [value, value], structuredContent: value }),
      })) {
        expect(Buffer.byteLength(String(text))).toBeLessThanOrEqual(bytes);
        expect(JSON.stringify(JSON.parse(String(text)))).not.toBe('');
      }
      const variables = Object.values(capture?.promptVariables('p', value) ?? {});
      expect(variables.reduce<number>((sum, text) => sum + Buffer.byteLength(String(text)), 0)).toBeLessThanOrEqual(bytes);
    }),
    runs,
  );
});

it('a value without secrets that fits is what JSON.stringify makes of it', () => {
  const capture = createCapture({ arguments: true, maxBytes: 65_536 });
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8, noUnicodeString: false }), (value) => {
      const { 'gen_ai.tool.call.arguments': shown } = capture?.argumentsOf('t', value) ?? {};
      if (!String(shown).includes('[redacted]')) expect(JSON.parse(String(shown))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    runs,
  );
});
