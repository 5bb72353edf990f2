import { painter } from './paint.js';
import { fit, pad, printable, widthOf } from './width.js';

export interface TableColumn {
  readonly heading: string;
  /** Default `'left'`; numbers read better `'right'`. */
  readonly align?: 'left' | 'right';
  /** Whether the column shrinks when the table is too wide. Default false: the column always has the width of its content. */
  readonly shrink?: boolean;
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
      .map(({ align }, index) => pad(texts[index] ?? '', widths[index] ?? 0, align))
      .join(GAP)
      .trimEnd();
  return [
    paint('strong', line(columns.map(({ heading }) => heading))),
    paint('faint', widths.map((width) => '─'.repeat(width)).join(GAP)),
    ...cells.map((row) => (isHeading(row) ? fit(row[0] ?? '', available) : line(row))),
  ].join('\n');
}

/** Removes the excess width from the shrinkable columns, always from the widest. */
function shrink(columns: readonly TableColumn[], widths: readonly number[], available: number): readonly number[] {
  const shrunk = [...widths];
  const excess = (): number => shrunk.reduce((sum, width) => sum + width, 0) + GAP.length * (shrunk.length - 1) - available;
  for (let over = excess(); over > 0; over = excess()) {
    const widest = Math.max(MIN_SHRUNK_COLUMNS, ...shrunk.filter((_width, index) => columns[index]?.shrink === true));
    const index = shrunk.findIndex((width, at) => columns[at]?.shrink === true && width === widest);
    if (index < 0 || widest === MIN_SHRUNK_COLUMNS) break;
    shrunk[index] = widest - 1;
  }
  return shrunk;
}
