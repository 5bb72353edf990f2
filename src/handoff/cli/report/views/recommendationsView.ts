import type { Evidence, Recommendations } from '../../../analytics/recommendations/recommendation.js';
import { fullTimes } from './times.js';
import type { ReportView, Table } from './view.js';

const time = fullTimes('UTC');
const NUMBER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

/** Shows what to change, and why. */
export function recommendationsView(recommendations: Recommendations): ReportView {
  const { unavailableFacts } = recommendations;
  return {
    title: 'Recommendations',
    question: 'What should be changed? Times are UTC.',
    figures: [{ label: 'Recommendations', value: recommendations.length, unit: 'count' }],
    charts: [],
    tables: [
      ...recommendations.map(
        ({ title, severity, subject, evidence, expectedEffect, change, howToCheck }): Table => ({
          title: `${title}${subject === null ? '' : `: ${subject}`} (${severity})`,
          columns: [{ heading: '' }, { heading: '', wrap: true }],
          rows: [
            ...evidence.map((measured) => ['because', evidenceText(measured)]),
            ['change', change.text],
            ['effect', expectedEffect],
            ['check', howToCheck],
          ],
        }),
      ),
      ...(unavailableFacts.length === 0 ? [] : [unknown(unavailableFacts)]),
    ],
  };
}

function evidenceText({ name, value, unit, from, to }: Evidence): string {
  const figure = `${name}: ${NUMBER.format(value)} ${unit}`;
  if (from === null) return `${figure}, until ${time(to)}`;
  return from.getTime() === to.getTime() ? `${figure}, at ${time(to)}` : `${figure}, ${time(from)} – ${time(to)}`;
}

function unknown(facts: Recommendations['unavailableFacts']): Table {
  return {
    title: 'What could not be checked',
    columns: [{ heading: 'fact' }, { heading: 'why', wrap: true }],
    rows: facts.map(({ fact, reason }) => [fact, reason]),
  };
}
