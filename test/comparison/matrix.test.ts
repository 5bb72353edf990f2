import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from './examine.js';
import type { Findings } from './examine.js';
import { packages } from './packages.js';
import { rows, sections } from './rows/rows.js';
import { closeOurs, openOurs } from './subjects/ours.js';
import { versionOf } from './versions.js';

const ROOT = join(import.meta.dirname, '../..');
const document = readFileSync(join(ROOT, 'docs/comparisons/mcp.md'), 'utf8');

/** Cells of the line that begins with that title, in the section of that name. */
function cellsOf(section: string, title: string): readonly string[] {
  const part = document.split(`## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  const line = part.split('\n').find((each) => each.startsWith(`| ${title} |`));
  return (line ?? '').split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/gu, ''));
}

describe('docs/comparisons/mcp.md', () => {
  let found: Findings;
  beforeAll(async () => {
    found = await examine(openOurs());
  });
  afterAll(closeOurs);

  it.each(sections.flatMap(({ title, rows: each }) => each.map((row) => [row.title, title] as const)))(
    'says of ours what its scenario sees: %s',
    (row, section) => {
      const heads = cellsOf(section, '').map((cell) => cell.trim());
      expect(cellsOf(section, row)[heads.indexOf('**ours**')], found[row]?.observed).toBe(found[row]?.cell);
    },
  );

  it.each(sections.flatMap(({ title, rows: each }) => each.map((row) => [row.title, row.test, title] as const)))(
    'names a test that exists: %s',
    (row, test, section) => {
      expect(cellsOf(section, row).at(-1)).toBe(`\`${test}\``);
      expect(existsSync(join(ROOT, test)), test).toBe(true);
    },
  );

  it.each(packages.map((each) => [each.title, each] as const))('has the locked version of %s', (title, each) => {
    expect(cellsOf('Set-ups and versions', title)[1]).toBe(`\`${each.npm}\` ${versionOf(each)}`);
  });

  it('has one row of each title, with a rule', () => {
    expect(new Set(rows.map(({ title }) => title)).size).toBe(rows.length);
    for (const { title, rule } of rows) expect(cellsOf('Rules', title)).toEqual([title, rule]);
  });
});
