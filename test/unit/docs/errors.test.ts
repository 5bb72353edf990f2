import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { categoryByCode } from '../../../src/errors/categories.js';

/** `code` → name of the class, or `answer` for a code that only appears in answers of the server. */
function codesInSource(): Map<string, string> {
  const codes = new Map<string, string>();
  for (const file of globSync('src/**/*.ts').sort()) {
    const source = readFileSync(file, 'utf8');
    for (const [, name = '', body = ''] of source.matchAll(/^export class (\w+) extends HandoffError([\s\S]*?)^\}$/gmu)) {
      const [, code] = /readonly code = '(HANDOFF_\w+)'/.exec(body) ?? [];
      if (code !== undefined) {
        expect(codes.has(code), `${code} stands for two classes`).toBe(false);
        codes.set(code, name);
      }
    }
  }
  for (const file of globSync('src/**/*.ts').sort()) {
    for (const [, code = ''] of readFileSync(file, 'utf8').matchAll(/\bcode: '(HANDOFF_\w+)'/gu)) {
      if (!codes.has(code)) codes.set(code, 'answer');
    }
  }
  return codes;
}

/** Rows of the tables: `| `CODE` | `Class` | …`. */
function codesInDocument(): Map<string, string> {
  const text = readFileSync('docs/errors.md', 'utf8');
  return new Map([...text.matchAll(/^\| `(HANDOFF_\w+)` \| `?(\w+)`? \|/gmu)].map(([, code = '', name = '']) => [code, name]));
}

it('docs/errors.md has every code of src with its class, and no other', () => {
  const inSource = codesInSource();
  expect(inSource.size).toBeGreaterThan(10);
  expect(Object.fromEntries(codesInDocument())).toEqual(Object.fromEntries(inSource));
});

it('every class of errors has a code of its own', () => {
  const classes = globSync('src/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/class (\w+) extends HandoffError/gu)].map(([, name]) => name),
  );
  expect([...codesInSource().values()].filter((name) => name !== 'answer').sort()).toEqual(classes.sort());
});

it('every code has a category, and docs/errors.md has the same', () => {
  const rows = readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `(HANDOFF_\w+)` \| `?\w+`? \| (\w+) \|/gmu);
  const inDocument = Object.fromEntries([...rows].map(([, code = '', category = '']) => [code, category]));
  expect(inDocument).toEqual(categoryByCode);
  expect(Object.keys(categoryByCode).sort()).toEqual([...codesInSource().keys()].sort());
});
