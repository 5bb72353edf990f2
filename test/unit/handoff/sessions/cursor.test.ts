import fc from 'fast-check';
import { expect, it } from 'vitest';
import { InvalidCursorError } from '../../../../src/errors/invalidCursorError.js';
import { decodeCursor, encodeCursor } from '../../../../src/handoff/sessions/cursor.js';

const id = '5f0c1b1e-0000-4000-8000-000000000001';
const encoded = (text: string): string => Buffer.from(text).toString('base64url');

it('comes back as it was, to the microsecond', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 9_999_999_999_999_999n), fc.uuid(), (us, uuid) => {
      const cursor = { createdAtUs: String(us), id: uuid };
      expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
    }),
  );
});

it('is safe inside a URL', () => {
  expect(encodeCursor({ createdAtUs: '1767261600000001', id })).toMatch(/^[A-Za-z0-9_-]+$/);
});

it.each([
  ['nothing', ''],
  ['free text', 'page 2'],
  ['no id', encoded('1767261600000001')],
  ['a wrong id', encoded('1767261600000001|7')],
  ['a third part', encoded(`1767261600000001|${id}|x`)],
  ['a time that is no number', encoded(`2026-01-01 10:00:00+00|${id}`)],
  ['a negative time', encoded(`-1|${id}`)],
  ['a time no database holds', encoded(`${'9'.repeat(17)}|${id}`)],
  ['SQL', encoded(`1|${id}' OR true --`)],
  ['an upper-case id', encoded(`1|${id.toUpperCase()}`)],
])('made by someone else (%s) is refused', (_what, cursor) => {
  expect(() => decodeCursor(cursor)).toThrow(InvalidCursorError);
});

it('never lets anything but a valid place through', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        const { createdAtUs, id: decodedId } = decodeCursor(text);
        expect(`${createdAtUs}|${decodedId}`).toMatch(/^\d{1,16}\|[0-9a-f-]{36}$/);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidCursorError);
      }
    }),
  );
});
