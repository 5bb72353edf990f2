import { tracingChannel } from 'node:diagnostics_channel';
import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Attributes, Logger, SpanContext } from '@opentelemetry/api';
import { isTracingSuppressed } from '../../../logging/suppression.js';
import { FIELD_SPAN_ID, FIELD_TRACE_FLAGS, FIELD_TRACE_ID } from '../../../logging/logFields.js';
import { addToFields } from './addToFields.js';
import { addToLine } from './addToLine.js';
import { chindingsKey, formatOf, hasWritten } from './pinoInternals.js';
import type { PinoEvent, PinoInstance } from './pinoInternals.js';
import { hasPinoChannel, patchPino } from './pinoPatch.js';
import { parsedBindings, recordOfLine } from './pinoRecord.js';
import { outputOf } from './pinoStreams.js';

export interface PinoChannelOptions {
  /** Logger of the OpenTelemetry Logs API that gets every line as a record. Default: lines get trace fields only. */
  readonly logger?: Pick<Logger, 'emit'>;
  /**
   * Further attributes for a record, asked for while each exported line is written; fields of the line win. Not added to the line
   * itself.
   */
  readonly attributes?: () => Attributes | undefined;
  /** Whether to export a logger's lines, asked for each line. Default: unless something else already sends them to OpenTelemetry. */
  readonly takes?: (instance: PinoInstance) => boolean;
}

export interface PinoSubscription {
  /** Whether this subscription does the work; false when an earlier one in the process does. */
  readonly active: boolean;
  /**
   * Covers one copy of pino, given what it exports: returns the way it is covered, and patches it if its version has no channel
   * (pino 7 to 9.9). May throw.
   */
  cover(pino: object): { readonly way: 'channel' | 'patched'; readonly undo: () => void };
  /** Returns whether a line came over the channel: some copy of pino is in use, even if only in a bundle. */
  wasSeen(): boolean;
  disable(): void;
}

/** Global, so that an ESM and a CJS copy of this package do not both write trace fields and export each line twice. */
const ACTIVE = Symbol.for('handoff-otel.logging.pinoSubscription');

/**
 * Puts `trace_id`, `span_id` and `trace_flags` of the active span on each line of every pino logger in the process, including those
 * created before, and exports the lines if a logger is given.
 *
 * Works through the diagnostics channel on which pino publishes each serialization (pino >= 9.10), so no logger is patched; copies
 * of older versions are patched when they are given to `cover`. A failure here costs a line its trace fields or its export, never
 * the line. A second subscription does nothing.
 */
export function subscribePino(options: PinoChannelOptions = {}): PinoSubscription {
  const registry = globalThis as Record<symbol, unknown>;
  if (registry[ACTIVE] !== undefined)
    return { active: false, cover: () => ({ way: 'channel', undo: () => undefined }), wasSeen: () => false, disable: () => undefined };
  const lines = new LineObserver(options);
  registry[ACTIVE] = lines;
  const { start, end } = tracingChannel('pino_asJson');
  start.subscribe(lines.onStart);
  end.subscribe(lines.onEnd);
  return {
    active: true,
    cover: (pino) => (hasPinoChannel(pino) ? { way: 'channel', undo: () => undefined } : { way: 'patched', undo: patchPino(pino, lines) }),
    wasSeen: () => lines.wereSeen,
    disable: () => {
      if (registry[ACTIVE] !== lines) return;
      registry[ACTIVE] = undefined;
      start.unsubscribe(lines.onStart);
      end.unsubscribe(lines.onEnd);
      lines.abandon();
    },
  };
}

/** A line being written. Lines nest when a serializer logs. */
interface LineInProgress {
  readonly event: PinoEvent;
  /** The logger's bindings without our fields. */
  readonly bindings: string;
  /** Restores the bindings; absent when nothing was added. */
  readonly restore: (() => void) | undefined;
}

class LineObserver {
  readonly #logger: Pick<Logger, 'emit'> | undefined;
  readonly #attributes: (() => Attributes | undefined) | undefined;
  readonly #takes: (instance: PinoInstance) => boolean;
  readonly #lines: LineInProgress[] = [];
  #exporting = false;
  #wereSeen = false;

  constructor({ logger, attributes, takes = (instance) => outputOf(instance).shippedBy === undefined }: PinoChannelOptions) {
    this.#logger = logger;
    this.#attributes = attributes;
    this.#takes = takes;
  }

  get wereSeen(): boolean {
    return this.#wereSeen;
  }

  /** Called before pino builds the line: the bindings are text that becomes part of it, so the trace fields are added to them. */
  readonly onStart = (message: unknown): void => {
    const event = message as PinoEvent;
    this.#wereSeen = true;
    try {
      this.#lines.push(this.#decorate(event));
    } catch {
      this.#lines.push({ event, bindings: '', restore: undefined });
    }
  };

  /** Called when the line is finished. */
  readonly onEnd = (message: unknown): void => {
    // A subscription that begins or ends while a line is being written sees only half of it.
    if (this.#lines.at(-1)?.event !== message) return;
    const line = this.#lines.pop();
    if (line === undefined) return;
    try {
      line.restore?.();
      this.#export(line);
    } catch {
      // An exception here would surface as an uncaught exception of the host.
    }
  };

  /** Leaves the loggers of lines that are still being written as they were: nobody tells of their end any more. */
  abandon(): void {
    for (const { restore } of this.#lines.splice(0).reverse()) restore?.();
  }

  #decorate(event: PinoEvent): LineInProgress {
    const { instance } = event;
    const key = chindingsKey(instance);
    if (key === undefined) return { event, bindings: '', restore: undefined };
    const present = String(instance[key]);
    const outer = this.#lines.findLast((line) => line.event.instance === instance);
    const bindings = outer === undefined ? present : outer.bindings;
    const span = trace.getSpanContext(context.active());
    if (span === undefined || !isSpanContextValid(span)) return { event, bindings, restore: undefined };
    const { nestedKey, formatters } = formatOf(instance);
    // Below a `nestedKey`, the host's own trace fields are not those of the line.
    const given = nestedKey === undefined ? event.arguments[0] : undefined;
    if (hasTraceId(given, bindings)) return { event, bindings, restore: undefined };
    const restore = formatters === undefined || nestedKey !== undefined ? undefined : addToFields(formatters, traceFields(span));
    return { event, bindings, restore: restore ?? addToLine(event, key, bindings, traceText(span)) };
  }

  #export(line: LineInProgress): void {
    // Lines that exporting itself writes would otherwise be exported endlessly.
    if (!this.#takes(line.event.instance) || this.#logger === undefined || this.#exporting || isTracingSuppressed(context.active())) return;
    this.#exporting = true;
    try {
      const record = recordOfLine(line.event, line.bindings, this.#attributes?.());
      if (record !== undefined) this.#logger.emit(record);
    } finally {
      this.#exporting = false;
    }
  }
}

/** A mixin, or the host by its bindings, was there first: of two fields of one name, some readers refuse the whole line. */
function hasTraceId(fields: unknown, bindings: string): boolean {
  if (hasWritten(fields, FIELD_TRACE_ID)) return true;
  return bindings.includes(`"${FIELD_TRACE_ID}":`) && FIELD_TRACE_ID in parsedBindings(bindings);
}

function traceFields(span: SpanContext): Readonly<Record<string, string>> {
  return { [FIELD_TRACE_ID]: span.traceId, [FIELD_SPAN_ID]: span.spanId, [FIELD_TRACE_FLAGS]: flagsOf(span) };
}

/** The same as a part of a line. */
function traceText(span: SpanContext): string {
  return `,"${FIELD_TRACE_ID}":"${span.traceId}","${FIELD_SPAN_ID}":"${span.spanId}","${FIELD_TRACE_FLAGS}":"${flagsOf(span)}"`;
}

function flagsOf({ traceFlags }: SpanContext): string {
  return (traceFlags & 0xff).toString(16).padStart(2, '0');
}
