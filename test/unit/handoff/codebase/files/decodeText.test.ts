import { expect, it } from 'vitest';
import { decodeText } from '../../../../../src/handoff/codebase/files/decodeText.js';

const bytes = (text: string, encoding: BufferEncoding = 'utf8'): Buffer => Buffer.from(text, encoding);

it('reads UTF-8, with and without a byte order mark', () => {
  expect(decodeText(bytes('const ü = "😀";'))).toBe('const ü = "😀";');
  expect(decodeText(bytes('\uFEFFx'))).toBe('x');
  expect(decodeText(bytes(''))).toBe('');
});

it('reads UTF-16 of both kinds', () => {
  expect(decodeText(bytes('\uFEFFclass Ü {}', 'utf16le'))).toBe('class Ü {}');
  expect(decodeText(bytes('\uFEFFclass Ü {}', 'utf16le').swap16())).toBe('class Ü {}');
});

it('reads what is neither as Windows-1252', () => {
  expect(decodeText(bytes('// gr\u00fc\u00dfe', 'latin1'))).toBe('// grüße');
});

it.each([
  ['an image', bytes('89504e470d0a1a0a0000000d49484452', 'hex')],
  ['a program', bytes('7f454c46020101000000', 'hex')],
  ['UTF-8 with a NUL', bytes('const a = 1;\0')],
  ['UTF-16 with a NUL', bytes('\uFEFFa\0b', 'utf16le')],
  ['noise without NUL', Buffer.from(Array.from({ length: 2000 }, (_, index) => 1 + ((index * 73) % 255)))],
])('refuses %s', (_, content) => {
  expect(() => decodeText(content)).toThrow('The file is not text.');
});

it('gives text without half characters, which the database would refuse', () => {
  expect(decodeText(bytes('\uFEFFa\uD83D', 'utf16le')).isWellFormed()).toBe(true);
});
