/** A line of the table the command prints. */
export interface Row {
  readonly subject: string;
  readonly sdk: string;
  readonly format: string;
  readonly transport: string;
  readonly protocol: string;
  readonly calls: number;
  readonly spans: string;
  readonly points: string;
  readonly stdout: string;
  readonly results: string;
}

declare module 'vitest' {
  interface TaskMeta {
    row?: Row;
  }
}

const HEADINGS: Row | Record<keyof Row, string> = {
  subject: 'package',
  sdk: 'SDK',
  format: 'format',
  transport: 'transport',
  protocol: 'protocol',
  calls: 'calls',
  spans: 'spans',
  points: 'points',
  stdout: 'stdout',
  results: 'results',
};

export function renderTable(rows: readonly Row[]): string {
  const columns = Object.keys(HEADINGS) as (keyof Row)[];
  const lines = [HEADINGS, ...rows].map((row) => columns.map((column) => String(row[column])));
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
