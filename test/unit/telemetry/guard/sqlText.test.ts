import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrubSql } from '../../../../src/telemetry/guard/sqlText.js';

const CASES: readonly (readonly [what: string, sql: string, expected: string])[] = [
  ['strings and numbers', "SELECT * FROM t WHERE a = 'x' AND b = 42 AND c = 1.5e-3", 'SELECT * FROM t WHERE a = ? AND b = ? AND c = ?'],
  ['doubled quotes', "SELECT 'it''s secret' AS t1", 'SELECT ? AS t1'],
  ['an escape string with a quote inside', String.raw`SELECT E'a\'secret', 1`, 'SELECT ?'],
  ['bit, hex, national and unicode strings', "SELECT B'101', X'1F', N'n', U&'secret'", 'SELECT ?'],
  ['dollar quotes', 'SELECT $$secret$$, $tag$se$$cret$tag$ FROM t', 'SELECT ? FROM t'],
  ['parameters stay', 'UPDATE t SET a = $1 WHERE b = $22', 'UPDATE t SET a = $1 WHERE b = $22'],
  ['identifiers stay, quoted ones too', 'SELECT "My ""Col", col_1, t2.x9 FROM "S"."T"', 'SELECT "My ""Col", col_1, t2.x9 FROM "S"."T"'],
  ['line comments go', 'SELECT a -- secret\nFROM t', 'SELECT a FROM t'],
  ['block comments go, nested ones too', '/* secret /* more */ secret */ SELECT a', 'SELECT a'],
  ['white space collapses', 'SELECT\n\t a\n  FROM   t', 'SELECT a FROM t'],
  ['lists of literals collapse', "INSERT INTO t VALUES (1, 'a', 2.5), (2, 'b', 3)", 'INSERT INTO t VALUES (?), (?)'],
  ['an open string hides the rest', "SELECT a FROM t WHERE b = 'secret AND c = d", 'SELECT a FROM t WHERE b = ?'],
  ['an open escape string hides the rest', String.raw`SELECT E'secret\' AND c`, 'SELECT ?'],
  ['an open comment hides the rest', 'SELECT a /* secret', 'SELECT a'],
  ['an open dollar quote hides the rest', 'SELECT $x$ secret', 'SELECT ?'],
  ['hexadecimal and grouped numbers', 'SELECT 0xDEAD, 1_000_000, .5', 'SELECT ?'],
  ['names that cannot be names go', 'SELECT a FROM t WHERE b = "alice@secret.org" AND "c" = ""', 'SELECT a FROM t WHERE b = ? AND "c" = ?'],
  ['an open name goes', 'SELECT "secret', 'SELECT ?'],
  ['a line comment ends with a carriage return too', "SELECT a -- x\r'\nsecret' AS b", 'SELECT a ? AS b'],
  ['after a backslash before a quote nothing is sure', String.raw`SELECT 'a\' secret', b`, 'SELECT ?'],
  ['json operators stay', "SELECT a->>'k' FROM t WHERE a ? 'k'", 'SELECT a->>? FROM t WHERE a ? ?'],
];

describe('scrubSql', () => {
  it.each(CASES)('%s', (_what, sql, expected) => {
    expect(scrubSql(sql)).toBe(expected);
  });

  it('lets no part of any string literal through', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), (text) => {
        const literal = `'${text.replaceAll("'", "''")}'`;
        const rest = literal.includes("\\'") ? '' : ' AND c = $1';
        expect(scrubSql(`SELECT a FROM t WHERE b = ${literal} AND c = $1`)).toBe(`SELECT a FROM t WHERE b = ?${rest}`);
      }),
    );
  });

  it('is idempotent on what it made, whatever it was given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(scrubSql(scrubSql(text))).toBe(scrubSql(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('bounds what it looks at and what it keeps', () => {
    const sql = `SELECT ${Array.from({ length: 5000 }, (_, index) => `column_${index}`).join(', ')} FROM t`;
    expect(Buffer.byteLength(scrubSql(sql))).toBe(2048);
    expect(scrubSql(`INSERT INTO t VALUES ${"('secret'), ".repeat(100_000)}`)).not.toContain('secret');
  });

  it('keeps at most 2,048 bytes of whole characters, since Tempo cuts at that number, inside of a character', () => {
    fc.assert(
      fc.property(fc.constantFrom('a', 'ä', '語', '😀'), fc.integer({ min: 500, max: 2100 }), (letter, times) => {
        const text = scrubSql(`SELECT "a" FROM ${`t${letter.repeat(20)} `.repeat(times / 10)}`);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048);
        expect(text.isWellFormed()).toBe(true);
        expect(text.endsWith('…') || Buffer.byteLength(text) <= 2044).toBe(true);
      }),
    );
  });
});

describe('the shortcut', () => {
  /** What begins, ends, hides or looks like data, and what stands beside it. */
  const PIECES = [
    ...[
      "'",
      "''",
      '"',
      '""',
      '$',
      '$$',
      '$a$',
      '$1',
      '$12',
      '--',
      '-',
      '/*',
      '*/',
      '/',
      '*',
      '\\',
      "\\'",
      '.',
      '.5',
      '1.',
      '12',
      '1e',
      '+5',
      '0x1F',
    ],
    ...[
      'e',
      'E',
      'n',
      'x',
      'B',
      'u&',
      'U&',
      '&',
      'SELECT',
      'abc',
      '_',
      'é',
      '\u00a0',
      '\u2028',
      '\ufeff',
      '\ud83d\ude00',
      '\0',
      '"a b"',
      '"x-y"',
    ],
    ...[
      '\n',
      ' ',
      '  ',
      '\t',
      '\r',
      '\f',
      '\v',
      ',',
      '(',
      ')',
      '?',
      ';',
      '=',
      ':',
      '::',
      '#',
      '@',
      '~',
      '{',
      '}',
      '[',
      ']',
      '`',
      '%',
      '|',
      '!',
      '^',
    ],
    `"${'y'.repeat(64)}"`,
  ];

  it('makes no difference', () => {
    const piece = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 1 }) },
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const sql = pieces.join('');
        expect(scrubSql(sql)).toBe(scrubSql(sql, false));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each(['a', ' ', '"', '$1', '-', '/', "'", '\u00a0 ', 'e', '("a")'])('takes no longer than a statement may for many of %j', (piece) => {
    const startMs = performance.now();
    for (let count = 0; count < 20; count += 1) scrubSql(`${piece.repeat(8192)}'`);
    expect(performance.now() - startMs).toBeLessThan(500);
  });
});
