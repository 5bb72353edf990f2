import type { KillOutcome } from './run.js';

/** One line of the table at the end. */
export interface KillRow {
  readonly ending: string;
  readonly collector: string;
  readonly spans: string;
  readonly records: string;
  readonly duplicates: number;
  readonly end: string;
  readonly tookMs: number;
}

declare module 'vitest' {
  interface TaskMeta {
    killRow?: KillRow;
  }
}

export function rowOf(ending: string, collector: string, { process, spans, records }: KillOutcome): KillRow {
  return {
    ending,
    collector,
    spans: `${spans.delivered} of ${spans.made}`,
    records: `${records.delivered} of ${records.made}`,
    duplicates: spans.duplicates + records.duplicates,
    end: process.signal ?? `exit ${process.code}`,
    tookMs: Math.round(process.durationMs),
  };
}

const HEAD = ['Ending', 'Collector', 'Spans', 'Records', 'Twice', 'End', 'ms'];

export function renderRows(rows: readonly KillRow[]): string {
  const lines = [HEAD, ...rows.map((row) => Object.values(row).map(String))];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
