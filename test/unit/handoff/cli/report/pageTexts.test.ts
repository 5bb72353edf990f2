import { expect, it } from 'vitest';
import { compareCounts } from '../../../../../src/handoff/analytics/trends/trend.js';
import { htmlPage } from '../../../../../src/handoff/cli/report/html/page.js';
import { htmlTable } from '../../../../../src/handoff/cli/report/html/htmlTable.js';
import { groupName } from '../../../../../src/handoff/cli/report/views/groupName.js';
import { countNote, shareNote } from '../../../../../src/handoff/cli/report/views/notes.js';
import { whole } from '../../../../../src/handoff/cli/report/views/values.js';

const steady = { direction: 'stable', changePercent: null } as const;

it('a table without rows says so in place of its heading row', () => {
  const html = htmlTable({ title: 'Sessions <opened>', columns: [{ heading: 'agent' }], rows: [] });
  expect(html).toContain('Nothing was counted in this range.');
  expect(html).toContain('Sessions &lt;opened&gt;');
  expect(html).not.toContain('<table>');
  expect(htmlTable({ title: 'T', columns: [{ heading: 'agent' }], rows: [['a']] })).toContain('<table>');
});

it('sessions are counted whole, and what was not measured stays so', () => {
  expect([whole(49.4), whole(0.5), whole(null)]).toEqual([49, 1, null]);
});

it('dimensions are named in words', () => {
  expect([groupName('retention_policy'), groupName('agent'), groupName(undefined)]).toEqual(['retention policy', 'agent', 'group']);
});

it('counts differ by percent, and shares by percentage points', () => {
  expect(countNote({ previous: 40, current: 50, changePercent: 25 }, steady)).toBe('25 % more than in the previous period; no trend');
  expect(countNote(compareCounts(50, 11), steady)).toBe('11 in the previous period; no trend');
  expect(shareNote({ previous: 60, current: 57, changePercent: -5 }, { ...steady, verdict: 'stable' })).toBe(
    '3 percentage points lower than in the previous period; no trend',
  );
});

it('commands stand out on the page, and the footer explains its signs', () => {
  const [start, end] = [new Date(0), new Date(3_600_000)];
  const coverage = { watermark: null, aggregatedPercent: 0, lateRows: 0, start, end };
  const timeRange = { start, end, timeZone: 'UTC' };
  const view = { title: 'T', question: 'Q', coverage, timeRange, figures: [], charts: [], tables: [] };
  const page = htmlPage([view], { version: '1.2.3', madeAt: end });
  expect(page).toContain('<code>handoff-otel analytics backfill</code> does it now.');
  expect(page).toContain('– means that there is no measurement; _OTHER is the sum of all values that are not listed.');
});
