import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootstraps } from './bootstraps/all.js';
import { bootComparisonDocument } from './document.js';
import { rows, sections } from './rows/sections.js';
import { versionOf } from './versions.js';

const ROOT = join(import.meta.dirname, '../..');
const document = readFileSync(join(ROOT, 'docs/comparisons/bootstrap.md'), 'utf8');

/** Cells of the line that begins with that title, in the section of that name. */
function cellsOf(section: string, title: string): readonly string[] {
  const part = document.split(`## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  const line = part.split('\n').find((each) => each.startsWith(`| ${title} |`));
  return (line ?? '').split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/gu, ''));
}

const everyRow = sections.flatMap(({ title, rows: each }) => each.map((row) => [row.title, title, row.test] as const));

describe('docs/comparisons/bootstrap.md', () => {
  it.each(everyRow)('has a cell of every package and a test of ours that exists: %s', (row, section, test) => {
    const cells = cellsOf(section, row);
    expect(cells).toHaveLength(bootstraps.length + 2);
    for (const cell of cells.slice(1, -1)) expect(cell).toMatch(/^(?:Y|P|-|n\.a\.)$/);
    expect(cells.at(-1)).toBe(`\`${test}\``);
    expect(existsSync(join(ROOT, test)), test).toBe(true);
  });

  it.each(bootstraps.map((each) => [each.title, each] as const))(
    'has the locked version and the set-up of %s, and its time to start',
    (title, each) => {
      expect(cellsOf('Set-ups and versions', title)).toEqual([
        title,
        `\`${each.npm}\` ${versionOf(each)}`,
        each.licence,
        each.setUp,
        each.bundleSetUp,
      ]);
      expect(cellsOf('Start-up', title).slice(1)).toEqual([
        expect.stringMatching(/^\d+$/),
        expect.stringMatching(/^\d+$/),
        expect.stringMatching(/^\d+\.\d$/),
      ]);
    },
  );

  it('has one row of each title, with its rule', () => {
    expect(new Set(rows.map(({ title }) => title)).size).toBe(rows.length);
    for (const { title, rule } of rows) expect(cellsOf('Rules', title)).toEqual([title, rule]);
  });

  it('says what was seen for each cell that is not Y', () => {
    const cells = everyRow.flatMap(([row, section]) => cellsOf(section, row).slice(1, -1));
    const seen =
      document
        .split('## What was seen')[1]
        ?.split('\n## ')[0]
        ?.split('\n')
        .filter((line) => line.startsWith('| ')) ?? [];
    expect(seen.length - 2).toBe(cells.filter((cell) => cell !== 'Y').length);
  });

  it('leaves out the columns of packages that were not looked at', () => {
    const found = new Map([['edot', Object.fromEntries(rows.map(({ title }) => [title, { cell: 'Y', observed: 'seen' } as const]))]]);
    const text = bootComparisonDocument(found, [{ name: 'edot', medianMs: 30, quartilesMs: [25, 35], overMs: 20 }], '2026-01-01', [
      '2 cores',
    ]);
    expect(text).toContain('|  | EDOT | our test |');
    expect(text).not.toContain('Splunk |');
    expect(text).toContain('| EDOT | 30 (25 – 35) | 20 |');
    expect(text).toContain('\n2 cores.\n');
  });
});
