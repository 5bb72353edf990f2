import { SeverityNumber, context } from '@opentelemetry/api';
import type { Attributes, LogRecord, Logger } from '@opentelemetry/api';
import type { Writable } from 'node:stream';
import { formatConsoleCall, formatFigureCall } from './consoleText.js';
import type { ConsoleText } from './consoleText.js';
import { FIELD_EXCEPTION_STACKTRACE, FIELD_EXCEPTION_TYPE } from '../../../logging/logFields.js';
import { isTracingSuppressed } from '../../../logging/suppression.js';

export interface ConsoleGuardOptions {
  /** The console to guard. */
  readonly console: Console;
  /** Where its output goes instead of stdout. */
  readonly stderr: Writable;
  /** Gets a record of each call. Default: none are created. */
  readonly logger?: Pick<Logger, 'emit'>;
  /** Further attributes for a record. */
  readonly attributes?: () => Attributes | undefined;
}

type Method = (...args: unknown[]) => unknown;

const SEVERITIES: Readonly<Record<string, readonly [SeverityNumber, string]>> = {
  trace: [SeverityNumber.TRACE, 'trace'],
  debug: [SeverityNumber.DEBUG, 'debug'],
  warn: [SeverityNumber.WARN, 'warn'],
  error: [SeverityNumber.ERROR, 'error'],
  assert: [SeverityNumber.ERROR, 'error'],
};
const INFO = [SeverityNumber.INFO, 'info'] as const;

/** Methods whose text is in their arguments, and those that generate it (a count, a duration). */
const SPEAKING = ['log', 'info', 'debug', 'dir', 'dirxml', 'table', 'group', 'groupCollapsed', 'trace', 'warn', 'error', 'assert'];
const COUNTING = ['count', 'timeEnd', 'timeLog'];

/**
 * Sends what a console would write to stdout to stderr, unchanged, and creates a log record of every call.
 *
 * The stream is exchanged, not the text: a `log` that was taken from the console earlier is redirected as well, and formatting,
 * indentation and `console.table` stay Node's own. A record needs the arguments, so calls of such an earlier `log` have none: in
 * finished text an error's message could no longer be recognised. Not touched: `process.stdout.write`, and consoles created by `new
 * Console(process.stdout)`, whose author chose stdout.
 *
 * Returns a function that restores the console; methods that other code has wrapped meanwhile stay wrapped, and pass through.
 */
export function guardConsole({ console: guarded, stderr, logger, attributes }: ConsoleGuardOptions): () => void {
  const restoreStream = exchangeStdout(guarded, stderr);
  if (logger === undefined) return restoreStream;
  const scribe = new Scribe(logger, attributes);
  const undo = [
    ...SPEAKING.map((name) =>
      wrap(guarded, name, (original) => (...args) => {
        // When one of the console's methods calls another (`dirxml` calls `log`), the outer call is the record.
        return scribe.during(
          () => original(...args),
          () => scribe.write(name, () => textOf(name, args)),
        );
      }),
    ),
    ...COUNTING.map((name) =>
      wrap(guarded, name, (original) => (...args) => {
        const recorder = listenTo(stderr);
        const restore = exchangeStdout(guarded, recorder.stream);
        return scribe.during(
          () => {
            try {
              return original(...args);
            } finally {
              restore();
            }
          },
          () => (recorder.text() === '' ? undefined : scribe.write(name, () => formatFigureCall(recorder.text(), args))),
        );
      }),
    ),
  ];
  return () => {
    scribe.stop();
    for (const step of undo) step();
    restoreStream();
  };
}

/** Uses the descriptor, so that a stdout that was never used is not opened only to be restored. */
function exchangeStdout(guarded: Console, stream: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(guarded, '_stdout');
  if (before === undefined) throw new TypeError('this console has no stream that could be redirected');
  Object.defineProperty(guarded, '_stdout', { value: stream, writable: true, configurable: true, enumerable: false });
  return () => void Object.defineProperty(guarded, '_stdout', before);
}

function wrap(guarded: Console, name: string, make: (original: Method) => Method): () => void {
  const original: unknown = Reflect.get(guarded, name);
  if (typeof original !== 'function') return () => undefined;
  const wrapper = make((...args) => Reflect.apply(original, guarded, args) as unknown);
  Object.defineProperty(wrapper, 'name', { value: name });
  Reflect.set(guarded, name, wrapper);
  return () => {
    if (Reflect.get(guarded, name) === wrapper) Reflect.set(guarded, name, original);
  };
}

/** Wraps `stream`, for all its users, and remembers the text of one call. */
function listenTo(stream: Writable): { readonly stream: Writable; readonly text: () => string } {
  let text = '';
  const listening = new Proxy(stream, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        if (key === 'write') text += String(args[0]);
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
  return { stream: listening, text: () => text.trimEnd() };
}

/** Returns `undefined` for an assertion that holds, which prints nothing. */
function textOf(method: string, args: readonly unknown[]): ConsoleText | undefined {
  if (method === 'assert') return Boolean(args[0]) ? undefined : formatConsoleCall(failedAssertion(args.slice(1)));
  return formatConsoleCall(method === 'dir' || method === 'table' ? args.slice(0, 1) : args);
}

/** Node does the same, so that a format stays one. */
function failedAssertion([first, ...others]: readonly unknown[]): readonly unknown[] {
  if (typeof first === 'string') return [`Assertion failed: ${first}`, ...others];
  return first === undefined && others.length === 0 ? ['Assertion failed'] : ['Assertion failed', first, ...others];
}

class Scribe {
  readonly #logger: Pick<Logger, 'emit'>;
  readonly #attributes: (() => Attributes | undefined) | undefined;
  #depth = 0;
  #isStopped = false;

  constructor(logger: Pick<Logger, 'emit'>, attributes: (() => Attributes | undefined) | undefined) {
    this.#logger = logger;
    this.#attributes = attributes;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Runs the console's own method, then creates the record; nothing that happens inside either creates another one. */
  during(call: () => unknown, record: () => void): unknown {
    if (this.#depth > 0) return call();
    this.#depth += 1;
    try {
      const result = call();
      // What exporters print (console exporters do) must not become records to export.
      if (!this.#isStopped && !isTracingSuppressed(context.active())) record();
      return result;
    } finally {
      this.#depth -= 1;
    }
  }

  /** Never throws: `console.log` does not. */
  write(method: string, format: () => ConsoleText | undefined): void {
    try {
      const text = format();
      if (text === undefined) return;
      const { body, error } = text;
      const [severityNumber, severityText] = SEVERITIES[method] ?? INFO;
      const thrown: Attributes =
        error === undefined
          ? {}
          : { [FIELD_EXCEPTION_TYPE]: error.type, ...(error.stack === undefined ? {} : { [FIELD_EXCEPTION_STACKTRACE]: error.stack }) };
      const record: LogRecord = { severityNumber, severityText, body, attributes: { ...this.#attributes?.(), ...thrown } };
      this.#logger.emit(record);
    } catch {
      // A value that cannot be read at all, or a processor that fails: the line is on stderr, and that must suffice.
    }
  }
}
