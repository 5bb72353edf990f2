import { formatWithOptions } from 'node:util';
import { exceptionType, stackFrames } from '../../../errors/exceptionFields.js';
import { boundedText, boundedValue, isErrorLike, newBudget } from '../../../logging/boundedValue.js';

export interface ConsoleText {
  readonly body: string;
  /** Of the first error among the arguments. */
  readonly error?: { readonly type: string; readonly stack?: string };
}

/** `3`, `0.1ms`, `1.5s`, `1:02.345 (m:ss.mmm)`. */
const FIGURE = /^[\d.:]+(?:ms|s| \([hms:.]+\))?/;

const OPTIONS = { colors: false, depth: 4, breakLength: Infinity } as const;

/**
 * The text of a console call as a record may carry it: bounded, on one line where Node would wrap, and with the type of
 * every error in the place of its message and properties, which quote what callers sent. Functions are there by name:
 * Node would print what hangs on them, or their source. May throw if a getter does.
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
 * The same of a call that makes its text up (a count, a duration). Of `heard`, which is what Node wrote, only the figure is
 * taken when a label or data that are no plain text may have put an error's message into it.
 */
export function formatFigureCall(heard: string, args: readonly unknown[]): ConsoleText {
  const [label = 'default', ...data] = args;
  if (typeof label === 'string' && data.length === 0) return formatConsoleCall([heard]);
  const said = String(label);
  const at = heard.indexOf(`${said}: `);
  const figure = at === -1 ? undefined : FIGURE.exec(heard.slice(at + said.length + 2))?.[0];
  return formatConsoleCall(['%s: %s', label, figure ?? '', ...data]);
}

function functionText(named: { readonly name: unknown }): string {
  const { name } = named;
  return typeof name === 'string' && name !== '' ? `[Function: ${name}]` : '[Function (anonymous)]';
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
