import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assess } from '../../faults/judge/assess.js';
import { allRows } from '../../faults/rows/allRows.js';
import type { FaultRow } from '../../faults/row.js';
import { cellsOf, COLUMNS } from '../../faults/table/cells.js';
import { page, readTable } from '../../faults/table/page.js';
import { expected, goodEvidence } from './forgedEvidence.js';

const row = (name: string, more: Partial<FaultRow> = {}): FaultRow => ({
  name,
  group: 'PostgreSQL',
  title: `title of ${name}`,
  how: `how ${name} is made`,
  holdMs: 0,
  expects: expected,
  open: () => Promise.reject(new Error('nothing is started here')),
  ...more,
});
const facts = { machine: ['two cores'], loadAverage: 1.5, dividedBy: 80, healthIntervalMs: 2000 };
const assessment = assess(expected, goodEvidence());

describe('a line of the table', () => {
  it('has a cell for each column', () => {
    expect(cellsOf(row('one'), assessment, '2026-11-29')).toEqual([
      'title of one',
      'how one is made',
      '390',
      '100',
      '10.2 s',
      '0 of 290',
      'yes, 0.0 s after the mending',
      'yes: `database` after 2.0 s (`unreachable`), well again after 2.0 s',
      'yes: DatabaseUnavailable after 3.0 s, cleared after 3.0 s',
      '2026-11-29',
    ]);
  });

  it('says no where something is not as it must be', () => {
    const silent = assess(expected, { ...goodEvidence(), alerts: [], health: [] });
    expect(cellsOf(row('one'), silent, '2026-11-29').slice(7, 9)).toEqual([
      expect.stringContaining('**no**'),
      expect.stringContaining('**no**'),
    ]);
  });
});

describe('the page', () => {
  const rows = [row('one'), row('two', { title: 'title of one' }), row('three', { group: 'Redis' })];
  const table = new Map(rows.map((each) => [each.name, cellsOf(each, assessment, '2026-11-29')]));

  it('is read back as it was written, also where titles are the same', () => {
    expect(readTable(page(rows, table, facts), rows)).toEqual(table);
  });

  it('says which rows were not measured, and does not take that for a measurement', () => {
    const text = page(rows, new Map([...table].slice(1)), facts);
    expect(text.match(/not measured yet/g)).toHaveLength(1);
    expect([...readTable(text, rows).keys()]).toEqual(['two', 'three']);
  });

  it('forgets a row whose fault is made in another way since', () => {
    const changed = [row('one', { how: 'otherwise' })];
    expect(readTable(page(rows, table, facts), changed).size).toBe(0);
  });
});

describe('the rows', () => {
  it('have names of their own, for --only, and no cell that would break a table', () => {
    expect(new Set(allRows.map(({ name }) => name)).size).toBe(allRows.length);
    for (const { name, title, how } of allRows) expect([name, title, how].join(' ')).not.toMatch(/[|\n]/u);
  });

  it('say why, where no alert is due', () => {
    for (const { expects } of allRows) expect(expects.alerts.length > 0).toBe(expects.noAlert === undefined);
  });
});

const committed = 'docs/comparisons/faults.md';

describe('the committed page', () => {
  it('has a line for each row, and each of them holds', () => {
    expect(existsSync(committed)).toBe(true);
    const lines = readTable(readFileSync(committed, 'utf8'), allRows);
    expect([...lines.keys()]).toEqual(allRows.map(({ name }) => name));
    for (const cells of lines.values()) {
      expect(cells).toHaveLength(COLUMNS.length);
      expect(cells.join(' ')).not.toContain('**no**');
    }
  });
});
