import type { SpanRecord } from '../../../testing/records.js';
import type { TraceNode, TraceTree } from './traceTree.js';

/** One line of a waterfall: a span, or several like it folded into one. */
export interface WaterfallRow {
  /** The span, or the first of those folded. */
  readonly span: SpanRecord;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  /** Duration of the span, or the sum of those folded. */
  readonly durationMs: number;
  /** 1, or how many spans are folded into this row. */
  readonly spanCount: number;
  readonly failed: boolean;
  readonly parentMissing: boolean;
  readonly children: readonly WaterfallRow[];
}

/** Tells processes apart: only spans of one process are folded together. */
export type ProcessOf = (span: SpanRecord) => string;

export interface WaterfallRows {
  readonly roots: readonly WaterfallRow[];
  /** Spans that found no room. */
  readonly hiddenSpans: number;
}

/** Fewer twins than this are not worth folding. */
const FOLD_FROM = 3;

/**
 * Rows for a trace. One per span while they fit `maxRows`; beyond that, childless siblings of one name are folded into one
 * row; if that is not enough the deepest and shortest go. Failed spans are never folded, and are the last to go.
 */
export function waterfallRows(tree: TraceTree, maxRows: number, processOf: ProcessOf): WaterfallRows {
  if (tree.spanCount <= maxRows) return { roots: everyChild(tree.roots), hiddenSpans: 0 };
  const folded = fold(tree.roots, processOf);
  const kept = choose(folded, maxRows);
  const roots = prune(folded, kept);
  return { roots, hiddenSpans: tree.spanCount - flatten(roots).reduce((sum, row) => sum + row.spanCount, 0) };
}

const everyChild = (nodes: readonly TraceNode[]): readonly WaterfallRow[] => nodes.map((node) => rowOf(node, everyChild));

function rowOf(node: TraceNode, rowsOf: (children: readonly TraceNode[]) => readonly WaterfallRow[]): WaterfallRow {
  return {
    span: node.span,
    startNanos: node.startNanos,
    endNanos: node.endNanos,
    durationMs: Number(node.endNanos - node.startNanos) / 1e6,
    spanCount: 1,
    failed: node.span.status.code === 'ERROR',
    parentMissing: node.parentMissing,
    children: rowsOf(node.children),
  };
}

function fold(siblings: readonly TraceNode[], processOf: ProcessOf): readonly WaterfallRow[] {
  const rows = siblings.map((node) => rowOf(node, (children) => fold(children, processOf)));
  const twins = Map.groupBy(rows, (row) =>
    // A row with children, or a failed one, is its own key: it stays alone.
    row.children.length > 0 || row.failed ? row : `${processOf(row.span)} ${row.span.kind} ${row.span.name}`,
  );
  return [...twins.values()].flatMap((group) => (group.length < FOLD_FROM ? group : [merge(group)])).sort(byStart);
}

const byStart = (a: WaterfallRow, b: WaterfallRow): number => (a.startNanos < b.startNanos ? -1 : a.startNanos > b.startNanos ? 1 : 0);

function merge(group: readonly WaterfallRow[]): WaterfallRow {
  const [first, ...others] = group;
  if (first === undefined) throw new RangeError('a fold needs at least one row');
  return others.reduce(
    (sum, row) => ({
      ...sum,
      endNanos: row.endNanos > sum.endNanos ? row.endNanos : sum.endNanos,
      durationMs: sum.durationMs + row.durationMs,
      spanCount: sum.spanCount + 1,
    }),
    first,
  );
}

/** The rows that fit: failed ones with their ancestors, then the shallow before the deep and the long before the short. */
function choose(roots: readonly WaterfallRow[], maxRows: number): ReadonlySet<WaterfallRow> {
  const ranked: { readonly row: WaterfallRow; readonly depth: number; readonly urgent: boolean }[] = [];
  const visit = (row: WaterfallRow, depth: number): boolean => {
    const urgentBelow = row.children.map((child) => visit(child, depth + 1)).includes(true);
    const urgent = row.failed || urgentBelow;
    ranked.push({ row, depth, urgent });
    return urgent;
  };
  for (const root of roots) visit(root, 0);
  ranked.sort((a, b) => Number(b.urgent) - Number(a.urgent) || a.depth - b.depth || b.row.durationMs - a.row.durationMs);
  return new Set(ranked.slice(0, maxRows).map(({ row }) => row));
}

const prune = (rows: readonly WaterfallRow[], kept: ReadonlySet<WaterfallRow>): readonly WaterfallRow[] =>
  rows.filter((row) => kept.has(row)).map((row) => ({ ...row, children: prune(row.children, kept) }));

const flatten = (rows: readonly WaterfallRow[]): readonly WaterfallRow[] => rows.flatMap((row) => [row, ...flatten(row.children)]);
