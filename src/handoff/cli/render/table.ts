import { painter } from './paint.js';
import { fit, pad, printable, widthOf } from './width.js';

export interface TableColumn {
  readonly heading: string;
  /** Default `'left'`; numbers read better `'right'`. */
  readonly align?: 'left' | 'right';
  /** Whether the column shrinks when the table is too wide. Default false: the column always has the width of its content. */
  readonly shrink?: boolean;
  /** Whether it shrinks and what has no room goes on in the lines below, for texts of which every word counts. Default false. */
  readonly wrap?: boolean;
}

export interface TableOptions {
  /** Width of the output, in columns. Default 80. */
  readonly columns?: number;
  /** ANSI colours. Default false. */
  readonly colour?: boolean;
}

const GAP = '  ';
/** A column is not shrunk below this, even if lines then get too long. */
const MIN_SHRUNK_COLUMNS = 8;
/** The same of one whose texts are broken: narrower ones are not read. */
const MIN_WRAPPED_COLUMNS = 24;

/**
 * Renders aligned columns under a heading and a rule. Missing cells are empty, surplus ones are ignored; a row with one cell in a
 * table of several columns is a heading across all of them.
 */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const paint = painter(options.colour === true);
  const available = options.columns ?? 80;
  const isHeading = (row: readonly string[]): boolean => row.length === 1 && columns.length > 1;
  const cells = rows.map((row) => row.map(printable));
  const contentWidth = (index: number): number =>
    Math.max(0, ...cells.filter((row) => !isHeading(row)).map((row) => widthOf(row[index] ?? '')));
  const widths = shrink(
    columns,
    columns.map(({ heading }, index) => Math.max(widthOf(heading), contentWidth(index))),
    available,
  );
  const line = (texts: readonly string[]): string =>
    columns
      .map(({ align, wrap }, index) => cell(texts[index] ?? '', widths[index] ?? 0, { align, isWhole: wrap === true }))
      .join(GAP)
      .trimEnd();
  const lines = (texts: readonly string[]): readonly string[] => {
    const parts = columns.map(({ wrap }, index) => (wrap === true ? broken(texts[index] ?? '', widths[index] ?? 0) : [texts[index] ?? '']));
    return Array.from({ length: Math.max(...parts.map(({ length }) => length)) }, (_, at) => line(parts.map((part) => part[at] ?? '')));
  };
  return [
    paint('strong', line(columns.map(({ heading }) => heading))),
    paint('faint', widths.map((width) => '─'.repeat(width)).join(GAP)),
    ...cells.flatMap((row) => (isHeading(row) ? [fit(row[0] ?? '', available)] : lines(row))),
  ].join('\n');
}

/** A word that is longer than its column stands over it: cut, a statement or a command would be another one. */
function cell(text: string, width: number, { align, isWhole }: { align: TableColumn['align']; isWhole: boolean }): string {
  return isWhole && widthOf(text) > width ? text : pad(text, width, align);
}

/** Breaks a text between words. */
function broken(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Removes the excess width from the columns that may shrink, always from the widest. */
function shrink(columns: readonly TableColumn[], widths: readonly number[], available: number): readonly number[] {
  const shrunk = [...widths];
  const excess = (): number => shrunk.reduce((sum, width) => sum + width, 0) + GAP.length * (shrunk.length - 1) - available;
  const room = (index: number): boolean => (shrunk[index] ?? 0) > leastOf(columns[index]);
  for (let over = excess(); over > 0; over -= 1) {
    const widest = Math.max(...shrunk.filter((_width, index) => room(index)));
    const index = shrunk.findIndex((width, at) => width === widest && room(at));
    if (index < 0) break;
    shrunk[index] = widest - 1;
  }
  return shrunk;
}

function leastOf(column: TableColumn | undefined): number {
  if (column?.wrap === true) return MIN_WRAPPED_COLUMNS;
  return column?.shrink === true ? MIN_SHRUNK_COLUMNS : Infinity;
}
