import type { ResourceRecord, SpanRecord } from '../../../testing/records.js';
import { ProcessMarks } from './processes.js';

/** A span in its place. Times are the ones shown; see `place` for when they differ from the recorded ones. */
export interface TraceNode {
  readonly span: SpanRecord;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly children: readonly TraceNode[];
  /** The span names a parent that is not among the spans given (not received, or still running). */
  readonly parentMissing: boolean;
}

/** A process whose clock is so far off its caller's that a call seems to be answered before it was made. */
export interface ClockSkew {
  readonly resource: ResourceRecord;
  readonly skewMs: number;
}

export interface TraceTree {
  readonly roots: readonly TraceNode[];
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly spanCount: number;
  readonly skews: readonly ClockSkew[];
}

/**
 * The JavaScript SDK stamps starts in whole milliseconds (the end is the start plus an exact duration), so a child may seem
 * to outlive its parent by up to this much. Delete when OpenTelemetry JS stamps starts more finely.
 */
const START_RESOLUTION_NANOS = 1_000_000n;

/** Arranges the spans of one trace by parent and time. Duplicates of a span (from a retried export) count once. */
export function buildTraceTree(spans: readonly SpanRecord[]): TraceTree {
  const byId = new Map<string, SpanRecord>();
  for (const span of [...spans].sort(byStart)) if (!byId.has(span.spanId)) byId.set(span.spanId, span);
  const childrenOf = Map.groupBy(
    [...byId.values()].filter((span) => span.parentSpanId !== undefined),
    (span) => span.parentSpanId ?? '',
  );

  const skews = new Map<ResourceRecord, number>();
  const placed = new Set<string>();
  const place = (span: SpanRecord, parent: Pick<TraceNode, 'startNanos' | 'endNanos'> | undefined, inheritedShift: bigint): TraceNode => {
    placed.add(span.spanId);
    const shift = inheritedShift + settle(span, parent, inheritedShift);
    const skewMs = Number(shift - inheritedShift) / 1e6;
    if (skewMs > 1) skews.set(span.resource, Math.max(skewMs, skews.get(span.resource) ?? 0));
    const startNanos = span.startTimeUnixNano + shift;
    const recordedEnd = span.endTimeUnixNano + shift;
    const window = { startNanos, endNanos: recordedEnd < startNanos ? startNanos : recordedEnd };
    const children = (childrenOf.get(span.spanId) ?? []).filter((child) => !placed.has(child.spanId));
    return {
      span,
      ...window,
      parentMissing: parent === undefined && span.parentSpanId !== undefined,
      children: children.map((child) => place(child, window, shift)).sort((a, b) => compare(a.startNanos, b.startNanos)),
    };
  };

  const roots: TraceNode[] = [];
  for (const span of byId.values())
    if (span.parentSpanId === undefined || !byId.has(span.parentSpanId)) roots.push(place(span, undefined, 0n));
  // The remaining spans are each other's ancestors; cut each such loop at its earliest span.
  for (const span of byId.values()) if (!placed.has(span.spanId)) roots.push(place(span, undefined, 0n));
  roots.sort((a, b) => compare(a.startNanos, b.startNanos));

  return {
    roots,
    ...extentOf(roots),
    spanCount: byId.size,
    skews: [...skews].map(([resource, skewMs]) => ({ resource, skewMs })),
  };
}

export const durationMsOf = (node: TraceNode): number => Number(node.endNanos - node.startNanos) / 1e6;

export const hasFailed = (node: TraceNode): boolean => node.span.status.code === 'ERROR';

/** Marks the processes of a trace by order of appearance in its tree: the caller is A, the callee is B. */
export function processMarksOf(tree: TraceTree): ProcessMarks {
  const resourcesOf = (node: TraceNode): readonly ResourceRecord[] => [node.span.resource, ...node.children.flatMap(resourcesOf)];
  return new ProcessMarks(tree.roots.flatMap(resourcesOf));
}

/**
 * Returns how far to move a span and everything under it: to the right if it seems to start before its parent (the clocks of two
 * processes differ), to the left if it outlives its parent by no more than the resolution of start times.
 */
function settle(span: SpanRecord, parent: Pick<TraceNode, 'startNanos' | 'endNanos'> | undefined, shift: bigint): bigint {
  if (parent === undefined) return 0n;
  const lead = span.startTimeUnixNano + shift - parent.startNanos;
  if (lead < 0n) return -lead;
  const overshoot = span.endTimeUnixNano + shift - parent.endNanos;
  if (overshoot <= 0n || overshoot > START_RESOLUTION_NANOS) return 0n;
  return -(overshoot < lead ? overshoot : lead);
}

function extentOf(roots: readonly TraceNode[]): { readonly startNanos: bigint; readonly endNanos: bigint } {
  let startNanos = roots[0]?.startNanos ?? 0n;
  let endNanos = startNanos;
  const pending = [...roots];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.startNanos < startNanos) startNanos = node.startNanos;
    if (node.endNanos > endNanos) endNanos = node.endNanos;
    pending.push(...node.children);
  }
  return { startNanos, endNanos };
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Ids break ties, so that the same spans always give the same output. */
const byStart = (a: SpanRecord, b: SpanRecord): number =>
  compare(a.startTimeUnixNano, b.startTimeUnixNano) || compare(b.endTimeUnixNano, a.endTimeUnixNano) || (a.spanId < b.spanId ? -1 : 1);
