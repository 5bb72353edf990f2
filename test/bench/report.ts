import type { Section, Table } from './scenario.js';

/** What a report says before its sections. */
export interface ReportHead {
  readonly command: string;
  readonly date: string;
  readonly machine: readonly string[];
  readonly loadAverage: number;
  readonly rounds: number;
  readonly roundSeconds: number;
}

/** Markdown: the same text is printed and kept as docs/comparisons/benchmarks.md. */
export function report(head: ReportHead, sections: readonly Section[]): string {
  return `${[headText(head), targetTable(sections), ...sections.map(sectionText)].join('\n\n')}\n`;
}

function headText({ command, date, machine, loadAverage, rounds, roundSeconds }: ReportHead): string {
  return `# Benchmarks

Written by \`${command}\` on ${date}, ${rounds} rounds of ${roundSeconds} s each. Regenerate with \`npm run bench server -- --write\`; single
scenarios with \`npm run bench server -- <name>\`.

${machine.map((fact) => `- ${fact}`).join('\n')}
- Load average before the first round: ${loadAverage.toFixed(2)}

"Earlier" is the server this one replaces, measured on two cores in the same conditions: \`update_context\` 420/s with 32
callers and 77/s with one (p99 172 ms), \`request_handoff\` 75/s on a session of 250 entries.`;
}

function targetTable(sections: readonly Section[]): string {
  const rows = sections.flatMap(({ targets }) =>
    targets.map(({ what, wanted, reached, met }) => [what, wanted, reached, met ? 'met' : '**missed**']),
  );
  return rows.length === 0 ? '' : `## Targets\n\n${tableText({ head: ['', 'target', 'reached', ''], rows })}`;
}

function sectionText({ title, method, tables }: Section): string {
  return [
    `## ${title}`,
    method,
    ...tables.map((table) => `${table.caption === undefined ? '' : `${table.caption}\n\n`}${tableText(table)}`),
  ].join('\n\n');
}

function tableText({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
