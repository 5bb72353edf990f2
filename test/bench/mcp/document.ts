import type { Section, Table, Target } from '../scenario.js';

/** What the document says before its tables. */
export interface Head {
  readonly command: string;
  readonly date: string;
  readonly machine: readonly string[];
  readonly loadAverage: number;
  readonly method: string;
}

/** Markdown: the same text is printed and kept as docs/comparisons/benchmarks-mcp.md. */
export function benchmarkDocument(
  { command, date, machine, loadAverage, method }: Head,
  targets: readonly Target[],
  sections: readonly Section[],
): string {
  const head = `# What a call costs: ours and its peers

Written by \`${command}\` on ${date}. Regenerate with \`npm run bench mcp -- --write\`.

${machine.map((fact) => `- ${fact}`).join('\n')}
- Load average before the first round: ${loadAverage.toFixed(2)}

${method}`;
  const rows = targets.map(({ what, wanted, reached, met }) => [what, wanted, reached, met ? 'met' : '**missed**']);
  const goals = rows.length === 0 ? [] : [`## Targets\n\n${tableText({ head: ['', 'target', 'reached', ''], rows })}`];
  return `${[head, ...goals, ...sections.map(({ title, method: how, tables }) => [`## ${title}`, how, ...tables.map(tableText)].join('\n\n'))].join('\n\n')}\n`;
}

function tableText({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
