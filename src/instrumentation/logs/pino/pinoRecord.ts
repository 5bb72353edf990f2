import type { AnyValue, Attributes, LogRecord } from '@opentelemetry/api';
import { quietly } from '../../../errors/quietly.js';
import { isRecord } from '../../../values/guards.js';
import { exceptionType, framesOf, stackFrames } from '../../../errors/exceptionFields.js';
import { MAX_ATTRIBUTES, UNREADABLE, boundedText, boundedValue, isErrorLike, newBudget } from '../../../logging/boundedValue.js';
import {
  FIELD_EVENT_NAME,
  FIELD_EXCEPTION_STACKTRACE,
  FIELD_EXCEPTION_TYPE,
  FIELD_SPAN_ID,
  FIELD_TRACE_FLAGS,
  FIELD_TRACE_ID,
} from '../../../logging/logFields.js';
import { formatOf, hasWritten } from './pinoInternals.js';
import type { PinoEvent, PinoFormat } from './pinoInternals.js';
import { severityOf } from './pinoSeverity.js';
import { pinoTime } from './pinoTime.js';

/** Fields that a log record carries outside its attributes. */
const OF_RECORD: ReadonlySet<string> = new Set([FIELD_EVENT_NAME, FIELD_TRACE_ID, FIELD_SPAN_ID, FIELD_TRACE_FLAGS]);

/** What pino itself puts into each line; the record or its resource has it. A host may log a field of its own by such a name. */
const OF_LINE: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'hostname']);

/** Parsed bindings by their text: one logger's bindings are the same on every line. */
const bindingsCache = new Map<string, Readonly<Record<string, unknown>>>();
const MAX_CACHED_BINDINGS = 256;
/** Longer bindings are parsed for each line: a host that gives each request's logger whole objects would fill the memory. */
const MAX_CACHED_CHARS = 4096;

/**
 * Returns a log line as an OpenTelemetry record: body = message, attributes = the other fields within bounds, `event.name` = event
 * name, errors as `exception.type` and stack frames.
 *
 * Error messages are left out: they quote what callers sent. Redaction always holds: if the logger redacts, serializes or rewrites
 * any of the fields at hand, they are read back from the finished line instead of from the call. That costs a `JSON.parse`; other
 * lines avoid it.
 *
 * @param more further attributes; fields of the line win
 */
export function recordOfLine(event: PinoEvent, bindings: string, more?: Attributes): LogRecord | undefined {
  const format = formatOf(event.instance);
  const [given, message, level, time] = [event.arguments[0], event.arguments[1], event.arguments[2], event.arguments[3]];
  const fields = isRecord(given) ? given : {};
  const record = new RecordBuilder(more);
  let body: unknown;
  if (isPlain(format, fields)) {
    record.addAll(bindings === '' ? {} : parsedBindings(bindings), { given: {} });
    record.addAll(fields, { given: fields });
    body = message ?? fields[format.messageKey];
    record.drop(format.messageKey);
  } else {
    const line = lineFields(format, event.result);
    if (line === undefined) return undefined;
    record.addAll(line, { given: format.nestedKey === undefined ? fields : {}, nestedKey: format.nestedKey });
    record.noteErrors(fields, format.errorKey);
    body = line[format.messageKey];
    record.drop(format.messageKey);
  }
  const timestamp = pinoTime(time);
  const levelNumber = typeof level === 'number' ? level : 30;
  const made: LogRecord = {
    severityNumber: severityOf(levelNumber, format),
    severityText: format.labels[levelNumber] ?? String(levelNumber),
    attributes: record.attributes,
  };
  if (timestamp !== undefined) made.timestamp = timestamp;
  if (record.eventName !== undefined) made.eventName = record.eventName;
  const safe = record.safeBody(body);
  if (safe !== undefined) made.body = safe;
  return made;
}

interface FieldSource {
  readonly given: object;
  readonly nestedKey?: string | undefined;
}

class RecordBuilder {
  readonly attributes: Attributes;
  eventName: string | undefined;
  readonly #budget = newBudget();
  #count = 0;
  /** The types of the errors among the fields, by their message: pino uses that as the text of a line that has none. */
  readonly #errorTypes = new Map<string, string>();

  /** The type of an error whose message is no text. pino uses that, too. */
  #oddErrorType: string | undefined;

  constructor(more: Attributes | undefined) {
    this.attributes = { ...more };
  }

  /** @param source which of these fields the host has logged itself, and below which one the logger puts those of each line */
  addAll(fields: Readonly<Record<string, unknown>>, source: FieldSource): void {
    const { given, nestedKey } = source;
    for (const key of Object.keys(fields)) {
      const value = fields[key];
      if (key === nestedKey && isRecord(value)) this.#addNested(key, value);
      else if (this.#takes(key, value) || OF_RECORD.has(key)) continue;
      else if (!OF_LINE.has(key) || hasWritten(given, key)) this.#addValue(key, value);
    }
  }

  drop(key: string): void {
    Reflect.deleteProperty(this.attributes, key);
  }

  /**
   * Notes the errors that the logger was given. Those in the line do not suffice: a serializer may have left the message out or added
   * those of its causes, and `nestedKey` puts them deeper.
   */
  noteErrors(given: Readonly<Record<string, unknown>>, errorKey: string): void {
    for (const [key, value] of Object.entries(given))
      quietly(() => {
        if (isErrorLike(value) || (key === errorKey && isRecord(value))) this.#noteError(value.message, exceptionType(value));
      });
  }

  /** Returns what was logged as the message, unless it is nothing but an error's message; then it returns the error's type instead. */
  safeBody(body: unknown): AnyValue | undefined {
    const type = typeof body === 'string' ? this.#errorTypes.get(body) : this.#oddErrorType;
    return body === undefined || body === null ? undefined : (type ?? boundedValue(body, this.#budget));
  }

  /** Errors and the event name are found there as they are anywhere else; all other fields stay below this key. */
  #addNested(key: string, fields: Readonly<Record<string, unknown>>): void {
    const others = Object.entries(fields).filter(([name, value]) => !this.#takes(name, value) && name !== FIELD_EVENT_NAME);
    if (others.length > 0) this.#addValue(key, Object.fromEntries(others));
  }

  /** Whether a field becomes something else than an attribute of its name: the name of the event, or type and frames of an error. */
  #takes(key: string, value: unknown): boolean {
    if (key === FIELD_EVENT_NAME && typeof value === 'string') this.eventName = boundedText(value);
    else if (key === 'err' || isError(value)) this.#addError(value);
    else return false;
    return true;
  }

  #addValue(key: string, value: unknown): void {
    let bounded: unknown = UNREADABLE;
    try {
      bounded = boundedValue(value, this.#budget);
    } catch {
      // `toJSON` threw. The logger has written the line all the same.
    }
    this.#add(key, bounded);
  }

  /** Adds an error object, or what a serializer made of one. */
  #addError(value: unknown): void {
    if (!isRecord(value)) return;
    const type = value instanceof Error ? exceptionType(value) : value['type'];
    const message = typeof value['message'] === 'string' ? value['message'] : '';
    const stack =
      value instanceof Error ? stackFrames(value) : typeof value['stack'] === 'string' ? framesOf(value['stack'], message) : undefined;
    const typeText = typeof type === 'string' ? boundedText(type) : 'Error';
    this.#noteError(message, typeText);
    this.#add(FIELD_EXCEPTION_TYPE, typeText);
    this.#add(FIELD_EXCEPTION_STACKTRACE, stack === undefined ? undefined : boundedText(stack));
  }

  #noteError(message: unknown, type: string): void {
    if (typeof message !== 'string') this.#oddErrorType = message === undefined ? this.#oddErrorType : type;
    else if (message !== '') this.#errorTypes.set(message, type);
  }

  #add(key: string, value: unknown): void {
    if (value === undefined || this.#count >= MAX_ATTRIBUTES) return;
    this.#count += 1;
    this.attributes[key] = value;
  }
}

/** Whether the fields may be read as given: nothing on their way to the line would have changed them. */
function isPlain(format: PinoFormat, fields: Readonly<Record<string, unknown>>): boolean {
  if (format.rewrites || format.streamWrite !== undefined || format.nestedKey !== undefined) return false;
  const { stringifiers, serializers, messageKey, errorKey } = format;
  if (messageKey in stringifiers || messageKey in serializers) return false;
  for (const key of Object.keys(fields)) {
    // We reduce errors to type and frames, which no serializer of the host would loosen.
    const isSerialized = key in serializers || (key === errorKey && 'err' in serializers);
    if (key in stringifiers || (isSerialized && !(fields[key] instanceof Error))) return false;
  }
  return true;
}

export function parsedBindings(bindings: string): Readonly<Record<string, unknown>> {
  const cached = bindingsCache.get(bindings);
  if (cached !== undefined) return cached;
  const parsed = JSON.parse(`{${bindings.slice(1)}}`) as Record<string, unknown>;
  if (bindings.length > MAX_CACHED_CHARS) return parsed;
  if (bindingsCache.size >= MAX_CACHED_BINDINGS) bindingsCache.clear();
  bindingsCache.set(bindings, parsed);
  return parsed;
}

function lineFields(format: PinoFormat, result: unknown): Record<string, unknown> | undefined {
  const line = typeof result === 'string' && format.streamWrite !== undefined ? format.streamWrite(result) : result;
  const parsed: unknown = typeof line === 'string' ? JSON.parse(line) : undefined;
  return isRecord(parsed) ? parsed : undefined;
}

/** Whether this is an error, or what the usual serializers leave of one in a finished line, under any key. */
function isError(value: unknown): boolean {
  return value instanceof Error || (isRecord(value) && typeof value['type'] === 'string' && typeof value['stack'] === 'string');
}
