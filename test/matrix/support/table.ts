/** What became of one cell. */
export interface Mark {
  readonly row: string;
  readonly column: string;
  readonly passed: boolean;
}

declare module 'vitest' {
  interface TaskMeta {
    mark?: Omit<Mark, 'passed'>;
  }
}

/** One line a row, one column a version of Node; `-` where there is no such cell. */
export function renderTable(marks: readonly Mark[]): string {
  const columns = [...new Set(marks.map(({ column }) => column))].toSorted();
  const rows = [...new Set(marks.map(({ row }) => row))];
  const cell = (row: string, column: string): string => {
    const found = marks.filter((mark) => mark.row === row && mark.column === column);
    return found.length === 0 ? '-' : found.every(({ passed }) => passed) ? 'ok' : 'FAILED';
  };
  const lines = [['', ...columns], ...rows.map((row) => [row, ...columns.map((column) => cell(row, column))])];
  const widths = lines[0]?.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
