import { formatWithOptions } from 'node:util';
import { exceptionType, stackFrames } from '../errors/exceptionFields.js';
import { boundedText, boundedValue, newBudget } from './boundedValue.js';

export interface ConsoleText {
  readonly body: string;
  /** Of the first error among the arguments. */
  readonly error?: { readonly type: string; readonly stack?: string };
}

const OPTIONS = { colors: false, depth: 4, breakLength: Infinity } as const;

/**
 * The text of a console call as a record may carry it: bounded, on one line where Node would wrap, and with the type of
 * every error in the place of its message and properties, which quote what callers sent. May throw if a getter does.
 */
export function formatConsoleCall(args: readonly unknown[]): ConsoleText {
  const budget = newBudget();
  const error = args.find((arg) => arg instanceof Error);
  const safe = args.map((arg) => {
    if (arg instanceof Error) return new Verbatim(exceptionType(arg));
    return typeof arg === 'object' && arg !== null ? boundedValue(arg, budget) : typeof arg === 'string' ? boundedText(arg) : arg;
  });
  const stack = error === undefined ? undefined : stackFrames(error);
  return {
    body: boundedText(formatWithOptions(OPTIONS, ...safe)),
    ...(error === undefined ? {} : { error: { type: exceptionType(error), ...(stack === undefined ? {} : { stack: boundedText(stack) }) } }),
  };
}

/** Text that stands without quotes in whatever place of a format it is put. */
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
