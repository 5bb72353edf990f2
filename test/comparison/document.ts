import type { Findings } from './examine.js';
import { packages } from './packages.js';
import type { Package } from './packages.js';
import { sections } from './rows/rows.js';
import { sdkVersions, versionOf } from './versions.js';

/** The text of docs/comparisons/mcp.md. @param found findings by the name of the package; a package without any gets no column. */
export function comparisonDocument(found: ReadonlyMap<string, Findings>, date: string): string {
  const columns = packages.filter(({ name }) => found.has(name));
  return `${[head(date), ...matrix(columns, found), setUps(columns), partly(columns, found), NOT_ASKED, rules()].join('\n\n')}\n`;
}

const NOT_ASKED = `## What no row asks for

The rows are what ours set out to do, so they cannot show what others do besides: Sentry makes issues of what handlers throw, autotel has a classifier for
prompt injection and hints of tools on spans, mcp-handler serves events and authorization. Nor what ours leaves undone: it finds no SDK in a bundle that was
loaded before it (\`test/integration/instrumentation/mcp/discovery/bundles.long.test.ts\` has those that load after), and it takes \`client.address\` and \`network.protocol.version\` from nowhere by itself (\`docs/mcp.md\`, "Limits").`;

function head(date: string): string {
  return `# Ours and others: what each tells of MCP

Written by \`npm run compare mcp -- --write\` on ${date}. Each cell is what that command saw: it runs the same scenarios against every package,
each in a process of its own, in its documented set-up, with everything it makes kept in memory. \`--verbose\` prints what was seen for each cell,
\`--only\` looks at some packages.

**Y** yes, **P** partly, **-** no, **n.a.** not applicable. The rule of each row is [below](#rules), its code in \`test/comparison/rows\`. Our column is
checked on every test run (\`test/comparison/matrix.test.ts\`); the last column names the test of ours that holds the row in full.

SDKs: ${sdkVersions().join(', ')}.
A package that serves both generations is looked at on both, and its lower cell counts. What is no package for JavaScript on npm
(the C# and Python SDKs, FastMCP for Python), is part of one application (context7) or only a proposal (dd-trace) cannot be run here and is left out.`;
}

function matrix(columns: readonly Package[], found: ReadonlyMap<string, Findings>): string[] {
  return sections.map(({ title, rows }) => {
    const lines = rows.map((row) => [
      row.title,
      ...columns.map(({ name }) => found.get(name)?.[row.title]?.cell ?? '?'),
      `\`${row.test}\``,
    ]);
    return `## ${title}\n\n${table(['', ...columns.map((column) => (column.name === 'ours' ? '**ours**' : column.title)), 'our test'], lines)}`;
  });
}

function setUps(columns: readonly Package[]): string {
  const lines = columns.map((column) => [
    column.title,
    `\`${column.npm}\` ${versionOf(column)}`,
    column.licence,
    column.setUp,
    column.preload,
  ]);
  return `## Set-ups and versions

Versions are those of the lockfiles in \`test/bench/mcp/peers\` and \`test/comparison/peers\`. The last column is the module given to \`--import\` before the
unchanged servers of \`test/comparison/programs\`.

${table(['', 'package', 'licence', 'set-up, and where it is documented', 'before an unchanged program'], lines)}`;
}

function partly(columns: readonly Package[], found: ReadonlyMap<string, Findings>): string {
  const rows = sections.flatMap((section) => section.rows);
  const lines = rows.flatMap((row) =>
    columns.flatMap(({ name, title }) => {
      const finding = found.get(name)?.[row.title];
      return finding?.cell === 'P' ? [[row.title, title, finding.observed.replaceAll('|', '/')]] : [];
    }),
  );
  return `## What was seen where it says P\n\n${table(['', 'package', 'seen'], lines)}`;
}

function rules(): string {
  const lines = sections.flatMap((section) => section.rows).map(({ title, rule }) => [title, rule]);
  return `## Rules\n\n${table(['', 'when a cell says what'], lines)}`;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}
