import { ROOT_CONTEXT, SeverityNumber, context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Attributes, HrTime, LogRecord } from '@opentelemetry/api';
import { FIELD_EVENT_NAME, FIELD_SPAN_ID, FIELD_TRACE_FLAGS, FIELD_TRACE_ID } from '../../../logging/logFields.js';
import type { LogLimitSettings } from '../../settings/limits.js';
import type { LevelEntry } from './logThread.js';

/** The transport takes the text from the field its configuration names; no host's field may be called the same. */
export const BODY_FIELD = 'handoff-otel.body';

/** Distinct pairs of severity number and text; further texts are replaced by the first one of their number. */
const MAX_LEVELS = 200;
/** Above pino's own numbers, for which the transport would have an answer of its own. */
const FIRST_LEVEL = 1000;

export interface EncodedLine {
  readonly line: string;
  /** Present when the level of this line is used for the first time. */
  readonly level?: LevelEntry;
}

/**
 * Log records as the lines pino-opentelemetry-transport reads, such that nothing of it has to guess:
 * time as seconds and nanoseconds (text ends it, and a number from before its thread began is taken for an offset), flags
 * as a number, a level of its own for every severity (it knows pino's six only), and all three trace fields or none.
 */
export class LineFormat {
  readonly #levels = new Map<string, LevelEntry>();
  readonly #levelOfSeverity = new Map<number, LevelEntry>();
  readonly #nowMs: () => number;
  readonly #limits: LogLimitSettings;

  /** @param limits the transport's SDK reads none; ours may be tighter than what a record keeps to anyway */
  constructor(nowMs: () => number, limits: LogLimitSettings) {
    this.#nowMs = nowMs;
    this.#limits = limits;
  }

  /** Every level used so far; a chunk's reader needs those of its lines. */
  encode(record: LogRecord): EncodedLine {
    const { severityNumber = SeverityNumber.UNSPECIFIED, severityText = '', timestamp, body, attributes, eventName } = record;
    const known =
      this.#levels.get(`${severityNumber} ${severityText}`) ??
      (this.#levels.size >= MAX_LEVELS ? this.#levelOfSeverity.get(severityNumber) : undefined);
    const level = known ?? this.#addLevel(severityNumber, severityText);
    const span = trace.getSpanContext(record.context ?? context.active());
    const line = JSON.stringify({
      ...this.#limited(attributes),
      ...(eventName === undefined ? {} : { [FIELD_EVENT_NAME]: eventName }),
      level: level[0],
      time: lineTime(timestamp, this.#nowMs),
      [BODY_FIELD]: body,
      ...(span === undefined || !isSpanContextValid(span)
        ? {}
        : { [FIELD_TRACE_ID]: span.traceId, [FIELD_SPAN_ID]: span.spanId, [FIELD_TRACE_FLAGS]: span.traceFlags }),
    });
    return known === undefined ? { line, level } : { line };
  }

  /** The record of a line made by `encode`, for a line that could not leave that way after all. */
  decode(line: string): LogRecord {
    const { level, time, [BODY_FIELD]: body, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const {
      [FIELD_TRACE_ID]: traceId,
      [FIELD_SPAN_ID]: spanId,
      [FIELD_TRACE_FLAGS]: traceFlags,
      [FIELD_EVENT_NAME]: eventName,
      ...attributes
    } = rest;
    const [, severityNumber = 0, severityText = ''] = [...this.#levels.values()].find(([number]) => number === level) ?? [];
    const isTraced = typeof traceId === 'string' && typeof spanId === 'string' && typeof traceFlags === 'number';
    return {
      severityNumber,
      ...(severityText === '' ? {} : { severityText }),
      // Not as milliseconds: the SDK takes those from before the start of the process for an offset.
      timestamp: time as HrTime,
      attributes,
      ...(typeof body === 'string' ? { body } : {}),
      ...(typeof eventName === 'string' ? { eventName } : {}),
      context: isTraced ? trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags }) : ROOT_CONTEXT,
    };
  }

  #limited(attributes: Attributes = {}): Attributes {
    const { attributeCountLimit, attributeValueLengthLimit } = this.#limits;
    const limited: Attributes = {};
    for (const key of Object.keys(attributes).slice(0, attributeCountLimit)) {
      const value = attributes[key];
      limited[key] = typeof value === 'string' ? value.slice(0, attributeValueLengthLimit) : lineValue(value);
    }
    return limited;
  }

  #addLevel(severityNumber: number, severityText: string): LevelEntry {
    const entry: LevelEntry = [FIRST_LEVEL + this.#levels.size, severityNumber, severityText];
    this.#levels.set(`${severityNumber} ${severityText}`, entry);
    if (!this.#levelOfSeverity.has(severityNumber)) this.#levelOfSeverity.set(severityNumber, entry);
    return entry;
  }
}

/** Seconds and nanoseconds; of now, for a time that is none. */
function lineTime(timestamp: LogRecord['timestamp'], nowMs: () => number): HrTime {
  if (Array.isArray(timestamp)) return timestamp;
  const givenMs = Number(timestamp);
  const timeMs = Number.isFinite(givenMs) ? givenMs : nowMs();
  const seconds = Math.floor(timeMs / 1000);
  return [seconds, Math.round((timeMs - seconds * 1000) * 1e6)];
}

/**
 * A value as it may stand in a line. JSON has no `NaN` and no infinities, and what the transport makes of a whole number
 * beyond 64 bits a receiver refuses, with the whole request, or reads as another number: those are written as text.
 */
function lineValue(value: unknown): unknown {
  if (typeof value === 'number') return isLineNumber(value) ? value : String(value);
  if (typeof value !== 'object' || value === null || !hasOddNumber(value)) return value;
  if (Array.isArray(value)) return value.map(lineValue);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lineValue(item)]));
}

function isLineNumber(value: number): boolean {
  return Number.isFinite(value) && !(Number.isInteger(value) && Math.abs(value) >= 2 ** 63);
}

function hasOddNumber(value: object): boolean {
  return Object.values(value).some((item: unknown) =>
    typeof item === 'number' ? !isLineNumber(item) : typeof item === 'object' && item !== null && hasOddNumber(item),
  );
}
