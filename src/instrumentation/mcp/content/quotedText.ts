const QUOTE = /(\\*)(["'`])/y;
/** Starts once per run of backslashes, which keeps the search linear. */
const BRACKET_OR_QUOTE = /(?<!\\)\\*["'`]|[{}[\]]/g;

/** A quotation mark and the number of backslashes before it: in JSON inside JSON a quote is written `\"` or `\\\"`. */
export interface Quote {
  readonly mark: string;
  readonly backslashes: number;
}

export function quoteAt(text: string, at: number): Quote | undefined {
  QUOTE.lastIndex = at;
  const found = QUOTE.exec(text);
  return found === null ? undefined : { mark: found[2] ?? '', backslashes: found[1]?.length ?? 0 };
}

/** Returns where the quote that opens at `start` ends: after the closing mark, or at the end of the text if there is none. */
export function endOfQuote(text: string, start: number, { mark, backslashes }: Quote): number {
  // Each level of JSON doubles backslashes, so a mark that closes this level has `backslashes` of them plus pairs of escaped ones.
  const escaped = 2 * (backslashes + 1);
  for (let at = text.indexOf(mark, start + backslashes + 1); at !== -1; at = text.indexOf(mark, at + 1)) {
    let run = 0;
    while (at - run > start && text.charAt(at - run - 1) === '\\') run += 1;
    if (run % escaped === backslashes) return at + 1;
  }
  return text.length;
}

/** Returns where the object or array that opens at `start` is closed, or the end of the text if it is not. */
export function endOfBrackets(text: string, start: number): number {
  const marks = new RegExp(BRACKET_OR_QUOTE);
  marks.lastIndex = start;
  let depth = 0;
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    const [mark] = found;
    const quote = quoteAt(text, found.index);
    if (quote !== undefined) marks.lastIndex = endOfQuote(text, found.index, quote);
    else if (mark === '{' || mark === '[') depth += 1;
    else depth -= 1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}
