import type { LogRecord, SpanRecord } from '../../../testing/records.js';
import { attributesText, valueText } from './attributeText.js';
import { formatDuration } from './duration.js';
import { painter, type Paint, type Role } from './paint.js';
import type { ProcessMarks } from './processes.js';
import { buildTraceTree, processMarksOf } from './traceTree.js';
import { fit, pad, printable, widthOf } from './width.js';

export interface LogLinesOptions {
  /** The trace the records belong to: times are then relative to its start, and processes are marked as in its waterfall. */
  readonly trace?: readonly SpanRecord[];
  /** Width of the output, in columns. Default 80. */
  readonly columns?: number;
  /** ANSI colours. Default false. */
  readonly colour?: boolean;
}

/** Attributes that every pino record has; they are not shown. */
const PINO_EVERYWHERE: ReadonlySet<string> = new Set(['pid', 'hostname', 'trace_id', 'span_id', 'trace_flags']);
const LEVEL_COLUMNS = 5;
const MIN_TEXT_COLUMNS = 20;

/** Renders one line per log record, by time: time, process, severity, message, and attributes as far as there is room. */
export function renderLogLines(logs: readonly LogRecord[], options: LogLinesOptions = {}): string {
  if (logs.length === 0) return 'No log records.';
  const paint = painter(options.colour === true);
  const tree = options.trace === undefined || options.trace.length === 0 ? undefined : buildTraceTree(options.trace);
  const processes = tree === undefined ? undefined : processMarksOf(tree);
  const sorted = [...logs].sort((a, b) => Number(timeOf(a) - timeOf(b)));
  const times = sorted.map((log) => timeText(timeOf(log), tree?.startNanos));
  const timeColumns = Math.max(...times.map(widthOf));
  const marks = sorted.map((log) => markOf(log, processes));
  const prefixColumns = timeColumns + 1 + Math.max(...marks.map(({ text }) => widthOf(text))) + LEVEL_COLUMNS + 1;
  const textColumns = Math.max(MIN_TEXT_COLUMNS, (options.columns ?? 80) - prefixColumns);
  return sorted
    .map((log, index) => {
      const mark = marks[index] ?? NO_MARK;
      const time = paint('faint', pad(times[index] ?? '', timeColumns, 'right'));
      return `${time} ${paint(mark.role, mark.text)}${levelText(log, paint)} ${textOf(log, textColumns, paint)}`.trimEnd();
    })
    .join('\n');
}

const timeOf = (log: LogRecord): bigint => (log.timeUnixNano === 0n ? log.observedTimeUnixNano : log.timeUnixNano);

function timeText(timeNanos: bigint, startNanos: bigint | undefined): string {
  if (startNanos === undefined) return new Date(Number(timeNanos / 1_000_000n)).toISOString().slice(11, 23);
  const offsetMs = Number(timeNanos - startNanos) / 1e6;
  return offsetMs < 0 ? formatDuration(offsetMs) : `+${formatDuration(offsetMs)}`;
}

interface Mark {
  readonly text: string;
  readonly role: Role;
}

const NO_MARK: Mark = { text: '', role: 'faint' };

function markOf(log: LogRecord, processes: ProcessMarks | undefined): Mark {
  if (processes === undefined || processes.all.length < 2) return NO_MARK;
  const process = processes.of(log.resource);
  return { text: `${process?.mark ?? '?'} `, role: process?.role ?? 'faint' };
}

function levelText(log: LogRecord, paint: Paint): string {
  const text = pad((printable(log.severityText) || '–').toUpperCase(), LEVEL_COLUMNS);
  if (log.severityNumber >= 17) return paint('error', text);
  return log.severityNumber >= 13 ? paint('warning', text) : text;
}

function textOf(log: LogRecord, columns: number, paint: Paint): string {
  const body = log.body === null ? '' : valueText(log.body);
  const event = log.eventName ?? '';
  const message = fit(printable(body === '' ? event : body).trimEnd(), columns);
  const details = [...(event === '' || event === body || body === '' ? [] : [event]), attributesText(log.attributes, PINO_EVERYWHERE)]
    .join(' ')
    .trim();
  const shown = fit(printable(details), columns - widthOf(message) - 2);
  return shown === '' ? message : `${message}  ${paint('faint', shown)}`;
}
