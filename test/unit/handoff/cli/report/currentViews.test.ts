import { expect, it } from 'vitest';
import type { Anomaly } from '../../../../../src/handoff/analytics/findings/anomaly.js';
import type { Recommendation, Recommendations } from '../../../../../src/handoff/analytics/recommendations/recommendation.js';
import { htmlPage } from '../../../../../src/handoff/cli/report/html/page.js';
import { terminalReport } from '../../../../../src/handoff/cli/report/terminal/terminalReport.js';
import { anomaliesView } from '../../../../../src/handoff/cli/report/views/anomaliesView.js';
import { recommendationsView } from '../../../../../src/handoff/cli/report/views/recommendationsView.js';

// What tells of now has no range, no coverage and no chart.

const at = new Date('2026-05-01T10:00:00Z');
const later = new Date('2026-05-01T12:30:00Z');
const anomaly: Anomaly = {
  id: '1',
  timestamp: at,
  type: 'tool_latency',
  subject: '',
  description: 'The mean duration of all calls was unusually high <b>.',
  severity: 'high',
  direction: 'above',
  detectedAt: at,
  endedAt: null,
  endCause: null,
  unit: 'ms',
  peakAt: at,
  observed: 900,
  expected: 20,
  expectedLow: 10,
  expectedHigh: 30,
  evidence: [],
  traceIds: [],
  dashboardUrl: null,
};
const recommendation: Recommendation = {
  code: 'index_missing',
  title: 'An index is missing',
  severity: 'warning',
  subject: 'notes',
  evidence: [
    { name: 'scans', value: 1234.56, unit: 'scans', from: at, to: later },
    { name: 'rows', value: 5, unit: 'rows', from: null, to: later },
    { name: 'bytes', value: 7, unit: 'bytes', from: later, to: later },
  ],
  expectedEffect: 'Reads get faster.',
  change: { kind: 'sql', text: 'CREATE INDEX CONCURRENTLY ON notes (owner);' },
  howToCheck: 'Look again.',
};
const recommendations = (list: readonly Recommendation[], unavailableFacts: Recommendations['unavailableFacts']): Recommendations =>
  Object.defineProperty([...list], 'unavailableFacts', { value: unavailableFacts }) as Recommendations;
const terminal = { columns: 200, colour: false };
const onPage = (view: Parameters<typeof htmlPage>[0][number]): string => htmlPage([view], { version: '1', madeAt: later });

it('anomalies are told with when they began and whether they last', () => {
  const view = anomaliesView([anomaly, { ...anomaly, id: '2', endedAt: later, severity: 'low' }]);
  expect(view.figures.map(({ label, value }) => [label, value])).toEqual([
    ['Ongoing', 1],
    ['Ended', 1],
  ]);
  const text = terminalReport(view, terminal);
  expect(text).toMatch(/1 May 2026, 10:00 +it lasts +high +The mean duration/u);
  expect(text).toMatch(/1 May 2026, 10:00 +1 May 2026, 12:30 +low/u);
  const page = onPage(view);
  expect(page).toContain('unusually high &lt;b&gt;');
  expect(page).toContain('Handoff analytics, 1 May 2026, 12:30');
});

it('where nothing is unusual there is no table', () => {
  expect(anomaliesView([]).tables).toEqual([]);
  expect(terminalReport(anomaliesView([]), terminal)).toContain('Ongoing  0');
});

it('recommendations are told with their evidence, when it was measured, the change and how to check it', () => {
  const view = recommendationsView(recommendations([recommendation], [{ fact: 'pool', reason: 'No server has sampled it.' }]));
  const text = terminalReport(view, terminal);
  for (const part of [
    'An index is missing: notes (warning)',
    'scans: 1,234.6 scans, 1 May 2026, 10:00 – 1 May 2026, 12:30',
    'rows: 5 rows, until 1 May 2026, 12:30',
    'bytes: 7 bytes, at 1 May 2026, 12:30',
    'CREATE INDEX CONCURRENTLY ON notes (owner);',
    'Reads get faster.',
    'Look again.',
    'What could not be checked',
    'No server has sampled it.',
  ]) {
    expect(text).toContain(part);
    expect(onPage(view)).toContain(part);
  }
});

it.each([40, 80])('of what is to be done and what was found every word is there in %d columns', (columns) => {
  const text = `CREATE INDEX CONCURRENTLY ON ${'very_'.repeat(20)}long_table (${'column_'.repeat(10)}name) -- ${'and so on '.repeat(20)}END;`;
  const reason = `${'No server has sampled it. '.repeat(8)}Start one.`;
  const wide = recommendations([{ ...recommendation, change: { kind: 'sql', text }, howToCheck: reason }], [{ fact: 'pool', reason }]);
  const shown = [recommendationsView(wide), anomaliesView([{ ...anomaly, description: reason }])].map((view) =>
    terminalReport(view, { columns, colour: false }),
  );
  for (const word of text.split(' ')) expect(shown[0]).toContain(word);
  expect(shown.join('\n')).not.toContain('…');
  expect(shown[0]?.match(/Start/gu)).toHaveLength(2);
  expect(shown[1]?.match(/Start/gu)).toHaveLength(1);
});

it('a route that agents have named cannot control the terminal', () => {
  const subject = 'writer\u001b]0;owned\u0007->\u202ereviewer';
  const text = terminalReport(recommendationsView(recommendations([{ ...recommendation, subject }], [])), terminal);
  expect(text).toContain('writer�]0;owned�->�reviewer');
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/u);
});
