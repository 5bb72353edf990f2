import type { SpanRecord } from '../../../testing/records.js';
import { drawBar } from './bar.js';
import { formatDuration } from './duration.js';
import { KINDS } from './kinds.js';
import { painter, type Paint, type Role } from './paint.js';
import type { ProcessMarks } from './processes.js';
import { buildTraceTree, durationMsOf, hasFailed, processMarksOf, type TraceNode, type TraceTree } from './traceTree.js';
import { waterfallFooter } from './waterfallFooter.js';
import { fit, pad, printable, widthOf } from './width.js';

export interface WaterfallOptions {
  /** Width of the output, in columns. Default 80, at least 48. */
  readonly columns?: number;
  /** ANSI colours. Default false. */
  readonly colour?: boolean;
}

const DEFAULT_COLUMNS = 80;
const MIN_COLUMNS = 48;
/** Maximum number of spans drawn; the footer gives the number of the rest and the first failures. */
const MAX_LINES = 100;
/** Spaces around the bars, and the space and cross after the duration of a failed span. */
const GAPS = 4;
/** At most this share of the width goes to names, so that the bars stay readable. */
const LABEL_SHARE = 0.46;

interface Layout {
  readonly markColumns: number;
  readonly labelColumns: number;
  readonly barColumns: number;
  readonly durationColumns: number;
}

interface Line {
  readonly node: TraceNode;
  readonly branches: string;
}

/**
 * Draws one trace as a tree next to bars on a common time axis, in plain lines. The same spans give the same text,
 * whatever their order. Pass the spans of one trace: those of several are drawn as a forest.
 */
export function renderWaterfall(spans: readonly SpanRecord[], options: WaterfallOptions = {}): string {
  const columns = Math.max(MIN_COLUMNS, Math.floor(options.columns ?? DEFAULT_COLUMNS));
  const paint = painter(options.colour === true);
  const tree = buildTraceTree(spans);
  const [firstRoot] = tree.roots;
  if (firstRoot === undefined) return 'No spans in this trace.';

  const processes = processMarksOf(tree);
  const all = linesOf(tree.roots);
  const lines = all.slice(0, MAX_LINES);
  const layout = layOut(columns, lines, processes);
  return [
    ...heading(firstRoot.span.traceId, tree, processes, columns, paint),
    '',
    ruler(tree, layout, paint),
    ...lines.map((line) => drawLine(line, tree, layout, processes, paint)),
    ...waterfallFooter(
      all.map((line) => line.node),
      all.length - lines.length,
      tree,
      processes,
      columns,
      paint,
    ),
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}

function heading(traceId: string, tree: TraceTree, processes: ProcessMarks, columns: number, paint: Paint): string[] {
  const count = (n: number, noun: string, plural = `${noun}s`): string => `${String(n)} ${n === 1 ? noun : plural}`;
  const facts = `${count(tree.spanCount, 'span')} · ${formatDuration(Number(tree.endNanos - tree.startNanos) / 1e6)}`;
  const names = processes.all.map(({ mark, label, role }) => ({
    text: fit(processes.all.length === 1 ? label : `${mark} ${label}`, columns),
    role,
  }));
  return [`${paint('faint', 'trace')} ${paint('strong', traceId)} ${paint('faint', '·')} ${facts}`, ...flow(names, columns, paint)];
}

/** Puts texts side by side, three spaces apart, on as many lines as they need. */
function flow(texts: readonly { readonly text: string; readonly role: Role }[], columns: number, paint: Paint): string[] {
  const lines: string[] = [];
  let used = columns;
  for (const { text, role } of texts) {
    const width = widthOf(text);
    if (used + 3 + width > columns) {
      lines.push(paint(role, text));
      used = width;
    } else {
      lines.push(`${lines.pop() ?? ''}   ${paint(role, text)}`);
      used += 3 + width;
    }
  }
  return lines;
}

function linesOf(nodes: readonly TraceNode[], stem = '', isRoot = true): Line[] {
  return nodes.flatMap((node, index) => {
    const last = index === nodes.length - 1;
    const branches = isRoot ? '' : stem + (last ? '└─' : '├─');
    return [{ node, branches }, ...linesOf(node.children, isRoot ? '' : stem + (last ? '  ' : '│ '), false)];
  });
}

function layOut(columns: number, lines: readonly Line[], processes: ProcessMarks): Layout {
  const markColumns = processes.all.length > 1 ? Math.max(...processes.all.map(({ mark }) => mark.length)) + 1 : 0;
  const widest = Math.max(...lines.map(({ node, branches }) => widthOf(branches) + 2 + widthOf(nameOf(node))));
  const labelColumns = Math.min(widest, Math.floor(columns * LABEL_SHARE) - markColumns);
  const durationColumns = Math.max(...lines.map(({ node }) => durationOf(node).length));
  return { markColumns, labelColumns, barColumns: columns - markColumns - labelColumns - durationColumns - GAPS, durationColumns };
}

const nameOf = (node: TraceNode): string => printable(node.span.name);

const durationOf = (node: TraceNode): string => formatDuration(durationMsOf(node));

function ruler(tree: TraceTree, layout: Layout, paint: Paint): string {
  const totalMs = Number(tree.endNanos - tree.startNanos) / 1e6;
  const middle = formatDuration(totalMs / 2);
  const untilMiddle = Math.floor((layout.barColumns - middle.length) / 2);
  const axis = pad('0', untilMiddle) + middle + pad(formatDuration(totalMs), layout.barColumns - untilMiddle - middle.length, 'right');
  return ' '.repeat(layout.markColumns + layout.labelColumns + 1) + paint('faint', axis);
}

function drawLine({ node, branches }: Line, tree: TraceTree, layout: Layout, processes: ProcessMarks, paint: Paint): string {
  const process = processes.of(node.span.resource);
  const failed = hasFailed(node);
  const role = process?.role ?? 'process0';
  const mark = layout.markColumns === 0 ? '' : paint(role, pad(process?.mark ?? '', layout.markColumns));
  // A very deep tree would leave no room for names: keep the innermost branches.
  const stem = branches.length > layout.labelColumns / 2 ? `…${branches.slice(-Math.floor(layout.labelColumns / 2) + 1)}` : branches;
  const nameColumns = Math.max(0, layout.labelColumns - widthOf(stem) - 2);
  const name = pad(nameOf(node), nameColumns);
  const nanos = (time: bigint): number => Number(time - tree.startNanos);
  const bar = drawBar(nanos(node.startNanos), nanos(node.endNanos), nanos(tree.endNanos), layout.barColumns);
  const duration = pad(durationOf(node), layout.durationColumns, 'right');
  return (
    mark +
    paint('faint', stem) +
    paint(role, node.parentMissing ? '┄' : KINDS[node.span.kind].glyph) +
    ` ${failed ? paint('error', name) : name} ` +
    ' '.repeat(bar.before) +
    paint(failed ? 'error' : role, bar.glyphs) +
    ' '.repeat(bar.after) +
    ` ${duration}${failed ? paint('error', ' ✗') : ''}`
  );
}
