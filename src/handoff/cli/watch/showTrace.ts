import type { SpanRecord } from '../../../testing/records.js';
import { formatDuration } from '../render/duration.js';
import { KINDS } from '../render/kinds.js';
import { painter } from '../render/paint.js';
import { renderWaterfall } from '../render/waterfall.js';
import { fit, printable } from '../render/width.js';

export interface TraceLayout {
  readonly columns: number;
  readonly colour: boolean;
}

/**
 * Renders one trace as text: a line for a single span, otherwise a waterfall. Shows only names, times and error types: a status
 * message can quote what a caller sent, and other instrumentations may set one.
 */
export function showTrace(spans: readonly SpanRecord[], layout: TraceLayout): string {
  const shown = spans.map((span): SpanRecord => ({ ...span, status: { code: span.status.code } }));
  const [first] = shown;
  return first !== undefined && shown.length === 1 ? `${spanLine(first, layout)}\n` : `\n${renderWaterfall(shown, layout)}\n\n`;
}

function spanLine(span: SpanRecord, { columns, colour }: TraceLayout): string {
  const paint = painter(colour);
  const failed = span.status.code === 'ERROR';
  const type = span.attributes['error.type'];
  const duration = formatDuration(Math.max(0, span.durationMs));
  const error = failed ? ` ✗${typeof type === 'string' ? ` ${printable(type)}` : ''}` : '';
  const name = fit(printable(span.name), Math.max(1, columns - duration.length - error.length - 4));
  return `${paint('process0', KINDS[span.kind].glyph)} ${failed ? paint('error', name) : name}  ${paint('faint', duration)}${paint('error', error)}`;
}
