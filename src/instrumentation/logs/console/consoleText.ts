import { formatWithOptions } from 'node:util';
import { exceptionType, stackFrames } from '../../../errors/exceptionFields.js';
import { boundedText, boundedValue, isErrorLike, newBudget } from '../../../logging/boundedValue.js';

export interface ConsoleText {
  readonly body: string;
  /** The first error among the arguments. */
  readonly error?: { readonly type: string; readonly stack?: string };
}

/** `3`, `0.1ms`, `1.5s`, `1:02.345 (m:ss.mmm)`. */
const FIGURE = /^[\d.:]+(?:ms|s| \([hms:.]+\))?/;

const OPTIONS = { colors: false, depth: 4, breakLength: Infinity } as const;

/**
 * Returns the text of a console call as a record may carry it: bounded, on one line where Node would wrap, and with each error's
 * type in place of its message and properties, which quote what callers sent. Functions are shown by name: Node would print their
 * properties, or their source. May throw if a getter does.
 */
export function formatConsoleCall(args: readonly unknown[]): ConsoleText {
  const budget = newBudget();
  const error = args.find(isErrorLike);
  const safe = args.map((arg) => {
    if (isErrorLike(arg)) return new Verbatim(exceptionType(arg));
    if (typeof arg === 'function') return new Verbatim(functionText(arg));
    return typeof arg === 'object' && arg !== null ? boundedValue(arg, budget) : typeof arg === 'string' ? boundedText(arg) : arg;
  });
  const stack = error === undefined ? undefined : stackFrames(error);
  return {
    body: boundedText(formatWithOptions(OPTIONS, ...safe)),
    ...(error === undefined
      ? {}
      : { error: { type: exceptionType(error), ...(stack === undefined ? {} : { stack: boundedText(stack) }) } }),
  };
}

/**
 * Does the same for a call that generates its text (a count, a duration). Of `written`, which is what Node wrote, only the figure
 * is used when a label or data that are not plain text may have put an error's message into it.
 */
export function formatFigureCall(written: string, args: readonly unknown[]): ConsoleText {
  const [label = 'default', ...data] = args;
  if (typeof label === 'string' && data.length === 0) return formatConsoleCall([written]);
  const prefix = String(label);
  const at = written.indexOf(`${prefix}: `);
  const figure = at === -1 ? undefined : FIGURE.exec(written.slice(at + prefix.length + 2))?.[0];
  return formatConsoleCall(['%s: %s', label, figure ?? '', ...data]);
}

function functionText(named: { readonly name: unknown }): string {
  const { name } = named;
  return typeof name === 'string' && name !== '' ? `[Function: ${name}]` : '[Function (anonymous)]';
}

/** Text that is written without quotes wherever a format puts it. */
class Verbatim {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.#text;
  }

  toString(): string {
    return this.#text;
  }
}
