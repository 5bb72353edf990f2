import type { SpanRecord } from '../../../testing/records.js';
import { formatDuration } from './duration.js';
import { KINDS } from './kinds.js';
import type { Paint } from './paint.js';
import type { ProcessMarks } from './processes.js';
import type { TraceTree } from './traceTree.js';
import type { WaterfallRow, WaterfallRows } from './waterfallRows.js';
import { fit, printable } from './width.js';

/** What the picture cannot say: which errors, what is missing, what was moved, and the key to the glyphs in use. */
export function waterfallFooter(
  shown: readonly WaterfallRow[],
  rows: WaterfallRows,
  tree: TraceTree,
  processes: ProcessMarks,
  columns: number,
  paint: Paint,
): string[] {
  const errors = shown.filter((row) => row.failed).map((row) => paint('error', fit(`✗ ${errorLine(row.span)}`, columns)));
  const orphans = shown.filter((row) => row.parentMissing).length;
  const notes = [
    ...(orphans === 0 ? [] : [`┄ the parent of ${String(orphans)} ${orphans === 1 ? 'span' : 'spans'} was not received`]),
    ...(rows.hiddenSpans === 0 ? [] : [`… ${String(rows.hiddenSpans)} more spans, not shown`]),
    ...tree.skews.map(({ resource, skewMs }) => {
      const process = processes.all.length > 1 ? processes.of(resource)?.mark : 'This process';
      return `⇥ ${process ?? ''}: clock ${formatDuration(skewMs)} behind its caller's; its spans are moved to fit`;
    }),
  ];
  return ['', paint('faint', key(shown)), ...errors, ...notes.map((note) => paint('warning', fit(note, columns)))];
}

function key(shown: readonly WaterfallRow[]): string {
  const present = new Set(shown.filter((row) => !row.parentMissing).map((row) => KINDS[row.span.kind]));
  return [
    ...Object.values(KINDS)
      .filter((kind) => present.has(kind))
      .map(({ glyph, word }) => `${glyph} ${word}`),
    ...(shown.some((row) => row.failed) ? ['✗ failed'] : []),
    ...(shown.some((row) => row.spanCount > 1) ? ['Σ ×n folded, durations summed'] : []),
  ].join('   ');
}

function errorLine(span: SpanRecord): string {
  const type = span.attributes['error.type'];
  const reasons = [typeof type === 'string' ? type : '', span.status.message ?? ''].filter((text) => text !== '');
  return printable(reasons.length === 0 ? span.name : `${span.name}: ${reasons.join(', ')}`);
}
