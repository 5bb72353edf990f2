import { createHash } from 'node:crypto';
import { coverageNote } from '../views/coverageText.js';
import { fullTimes, rangeText } from '../views/times.js';
import { valueText } from '../views/values.js';
import type { Figure, ReportView } from '../views/view.js';
import { htmlChart } from './chart.js';
import { escaped } from './escape.js';
import { htmlTable } from './htmlTable.js';
import { STYLE } from './style.js';

export interface PageOptions {
  readonly version: string;
  readonly madeAt: Date;
}

/** The browser enforces that the page has no script, loads nothing and sends nothing, whatever a name in it might contain. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** Returns the reports as one page for people, which needs nothing besides itself. */
export function htmlPage(views: readonly ReportView[], { version, madeAt }: PageOptions): string {
  const timeRange = views.find((view) => view.timeRange !== undefined)?.timeRange;
  const zone = timeRange?.timeZone ?? 'UTC';
  const range = timeRange === undefined ? fullTimes(zone)(madeAt) : rangeText(timeRange);
  const links = views.map(({ title }, index) => `<li><a href="#r${index}">${escaped(title)}</a></li>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Handoff analytics, ${escaped(range)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Handoff analytics</h1>
<p class="muted">${escaped(range)}</p>
<nav aria-label="Reports"><ul>${links}</ul></nav>
</header>
<main>
${views.map(section).join('\n')}
</main>
<footer>
<p>Created ${escaped(fullTimes(zone)(madeAt))} (${escaped(zone)}) by handoff-otel ${escaped(version)}. This page contains nothing of the content of sessions. – means that there is no measurement; _OTHER is the sum of all values that are not listed.</p>
</footer>
</body>
</html>
`;
}

function section(view: ReportView, index: number): string {
  const note = coverageNote(view);
  const { timeRange } = view;
  const charts =
    timeRange === undefined ? '' : view.charts.map((chart, at) => htmlChart(chart, { timeRange }, `r${index}c${at}`)).join('\n');
  const tables = view.tables.map(htmlTable).join('\n');
  return `<section id="r${index}" aria-labelledby="r${index}-h">
<h2 id="r${index}-h">${escaped(view.title)}</h2>
<p class="muted">${escaped(view.question)}</p>
${note === undefined ? '' : `<p class="${note.isWarning ? 'warn' : 'muted'}">${withCode(escaped(note.text))}</p>`}
<dl class="figures">${view.figures.map(figure).join('')}</dl>
<div class="charts">${charts}</div>
<div class="tables">${tables}</div>
</section>`;
}

/** Commands stand between backticks, as in the terminal. */
function withCode(text: string): string {
  return text.replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function figure({ label, value, unit, note }: Figure): string {
  const said = note === undefined ? '' : `<dd class="note">${escaped(note)}</dd>`;
  return `<div><dt>${escaped(label)}</dt><dd class="value">${escaped(valueText(value, unit))}</dd>${said}</div>`;
}
