import type { SpanRecord } from '../../../testing/records.js';
import { formatDuration } from './duration.js';
import { KINDS } from './kinds.js';
import type { Paint } from './paint.js';
import type { ProcessMarks } from './processes.js';
import { hasFailed, type TraceNode, type TraceTree } from './traceTree.js';
import { fit, printable } from './width.js';

/** Maximum number of failures listed; the first ones show what happened. */
const MAX_FAILURES = 20;

/** Renders what the waterfall itself cannot show: the errors, what is missing, what was moved, and the key to the glyphs in use. */
export function waterfallFooter(
  nodes: readonly TraceNode[],
  hidden: number,
  tree: TraceTree,
  processes: ProcessMarks,
  columns: number,
  paint: Paint,
): string[] {
  const errors = nodes
    .filter(hasFailed)
    .slice(0, MAX_FAILURES)
    .map((node) => paint('error', fit(`✗ ${errorLine(node.span)}`, columns)));
  const orphans = nodes.filter((node) => node.parentMissing).length;
  const notes = [
    ...(orphans === 0 ? [] : [`┄ the parent of ${String(orphans)} ${orphans === 1 ? 'span' : 'spans'} was not received`]),
    ...(hidden === 0 ? [] : [`… ${String(hidden)} more spans are not shown`]),
    ...tree.skews.map(({ resource, skewMs }) => {
      const process = processes.all.length > 1 ? processes.of(resource)?.mark : 'This process';
      return `⇥ ${process ?? ''}: clock ${formatDuration(skewMs)} behind its caller's; its spans are moved to fit`;
    }),
  ];
  return ['', paint('faint', key(nodes)), ...errors, ...notes.map((note) => paint('warning', fit(note, columns)))];
}

function key(nodes: readonly TraceNode[]): string {
  const present = new Set(nodes.filter((node) => !node.parentMissing).map((node) => KINDS[node.span.kind]));
  return [
    ...Object.values(KINDS)
      .filter((kind) => present.has(kind))
      .map(({ glyph, word }) => `${glyph} ${word}`),
    ...(nodes.some(hasFailed) ? ['✗ failed'] : []),
  ].join('   ');
}

function errorLine(span: SpanRecord): string {
  const type = span.attributes['error.type'];
  const reasons = [typeof type === 'string' ? type : '', span.status.message ?? ''].filter((text) => text !== '');
  return printable(reasons.length === 0 ? span.name : `${span.name}: ${reasons.join(', ')}`);
}
