import { bootstraps } from './bootstraps/all.js';
import type { Bootstrap } from './bootstraps/bootstrap.js';
import type { Findings } from './examine.js';
import { sections } from './rows/sections.js';
import type { StartUp } from './startUp.js';
import { versionOf } from './versions.js';

/** The text of docs/comparisons/bootstrap.md. A package without findings gets no column. */
export function bootComparisonDocument(
  found: ReadonlyMap<string, Findings>,
  times: readonly StartUp[],
  date: string,
  machine: readonly string[],
): string {
  const columns = bootstraps.filter(({ name }) => found.has(name));
  return `${[head(date), ...matrix(columns, found), startUp(columns, times, machine), setUps(columns), seen(columns, found), NOT_ASKED, rules()].join('\n\n')}\n`;
}

const NOT_ASKED = `## What no row asks for

The rows are what ours set out to do. They do not show what others do besides: the distributions instrument dozens of libraries (HTTP servers and clients
among them) that ours leaves to OpenTelemetry's own packages, Splunk profiles, EDOT can be configured centrally, Dash0 finds Kubernetes metadata, Sentry makes
issues of errors and autotel samples by outcome. Runs are on one machine, one version of Node, and the versions below.`;

function head(date: string): string {
  return `# Ours and others: what one call does for a process

Written by \`npm run compare bootstrap -- --write\` on ${date}, on Node ${process.versions.node}. Each cell is what that command saw: it runs the same programs under
every package, each in processes of their own, in the set-up of its documentation, with real PostgreSQL and Redis, and a collector that reads what arrives.
\`--verbose\` prints what was seen for each cell, \`--only\` looks at some packages, \`--row\` at some rows.

**Y** yes, **P** partly, **-** no, **n.a.** not applicable. The rule of each row is [below](#rules), its code in \`test/bootComparison/rows\`. The last column names
the test of ours that holds the row in full.`;
}

function matrix(columns: readonly Bootstrap[], found: ReadonlyMap<string, Findings>): string[] {
  return sections.map(({ title, rows }) => {
    const lines = rows.map((row) => [
      row.title,
      ...columns.map(({ name }) => found.get(name)?.[row.title]?.cell ?? '?'),
      `\`${row.test}\``,
    ]);
    return `## ${title}\n\n${table(['', ...columns.map((column) => (column.name === 'ours' ? '**ours**' : column.title)), 'our test'], lines)}`;
  });
}

function startUp(columns: readonly Bootstrap[], times: readonly StartUp[], machine: readonly string[]): string {
  const of = (name: string): StartUp | undefined => times.find((each) => each.name === name);
  const ours = of('ours')?.overMs ?? Number.NaN;
  const lines = columns.map(({ name, title }) => [
    title,
    withQuartiles(of(name)),
    figure(of(name)?.overMs),
    ((of(name)?.overMs ?? Number.NaN) / ours).toFixed(1),
  ]);
  return `## Start-up

Milliseconds from the start of the process until a program that imports pg, ioredis and pino has made a span, under the preload; median of seven runs in changing
order, with the quartiles. Without any package: ${withQuartiles(of('bare'))} ms. Figures of one machine: compare the columns, not with yours.

${machine.join('; ')}.

${table(['', 'ms', 'on top', 'times ours'], lines)}`;
}

function withQuartiles(time: StartUp | undefined): string {
  const [low, high] = time?.quartilesMs ?? [];
  return `${figure(time?.medianMs)} (${figure(low)} – ${figure(high)})`;
}

const figure = (ms: number | undefined): string => (ms === undefined || Number.isNaN(ms) ? '?' : ms.toFixed(0));

function setUps(columns: readonly Bootstrap[]): string {
  const lines = columns.map((column) => [
    column.title,
    `\`${column.npm}\` ${versionOf(column)}`,
    column.licence,
    column.setUp,
    column.bundleSetUp,
  ]);
  return `## Set-ups and versions

Versions are those of the lockfiles in \`test/bootComparison/peers\`. pg, ioredis, pino and pg-cursor are the newest that a package says it supports.

${table(['', 'package', 'licence', 'set-up, and where it is documented', 'in a bundle'], lines)}`;
}

function seen(columns: readonly Bootstrap[], found: ReadonlyMap<string, Findings>): string {
  const lines = sections
    .flatMap((section) => section.rows)
    .flatMap((row) =>
      columns.flatMap(({ name, title }) => {
        const finding = found.get(name)?.[row.title];
        return finding !== undefined && finding.cell !== 'Y'
          ? [[row.title, title, finding.cell, finding.observed.replaceAll('|', '/')]]
          : [];
      }),
    );
  return `## What was seen where it does not say Y\n\n${table(['', 'package', 'cell', 'seen'], lines)}`;
}

function rules(): string {
  return `## Rules\n\n${table(
    ['', 'when a cell says what'],
    sections.flatMap((section) => section.rows).map(({ title, rule }) => [title, rule]),
  )}`;
}

function table(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...lines.map(line)].join('\n');
}
