/** Longest statement scanned, in characters: a bulk INSERT of megabytes must not cost milliseconds per span. */
const MAX_SCANNED_CHARS = 8192;

/**
 * Longest text kept, in UTF-8 bytes; the rest says little and is paid for in every exported span. Tempo truncates attributes at
 * 2,048 bytes, in the middle of a character if need be, and a text that is truncated there loses the mark that says so.
 */
const MAX_KEPT_BYTES = 2048;
const CUT_MARK = '…';
const ROOM_BEFORE_MARK = MAX_KEPT_BYTES - Buffer.byteLength(CUT_MARK);
/** A UTF-16 code unit takes at most three bytes in UTF-8: shorter texts need not be counted. */
const SURELY_FITS_CHARS = Math.floor(MAX_KEPT_BYTES / 3);

/**
 * One lexeme that may hold or hide data, in PostgreSQL's lexical order of precedence:
 * comments, dollar quotes, strings with and without backslash escapes, identifiers in quotes, words, parameters,
 * numbers, white space. No alternative can match the same text in two ways, so matching never backtracks far.
 */
const LEXEME = new RegExp(
  [
    String.raw`(?<comment>--[^\n\r]*|/\*)`,
    String.raw`(?<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)`,
    String.raw`(?<escaped>[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$))`,
    String.raw`(?<string>(?:[bBxXnN]|[uU]&)?'[^']*(?:''[^']*)*(?:'|$))`,
    String.raw`(?<quoted>"[^"]*(?:""[^"]*)*(?:"|$))`,
    String.raw`(?<kept>\$\d+|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`,
    String.raw`(?<number>(?:\d[\w.]*|\.\d[\w.]*)(?:(?<=[eE])[+-]\d+)?)`,
    String.raw`(?<space>\s+)`,
  ].join('|'),
  'y',
);

/**
 * As much as can be copied in one piece, since nothing in it holds or hides data: words, parameters, names in quotes, white space and
 * punctuation, which are most of a statement. It is only a shortcut: `LEXEME` reads the same in the same way, in four to sixteen
 * times the time. What that could read in another way is left to it: a word before a quote, which may belong to it, and signs that begin a
 * comment or a number. No two alternatives can begin with the same character, and none can stop halfway.
 */
const PLAIN = new RegExp(
  `(?:${[
    String.raw`[(),;=<>*+:|!%^~#@\[\]]`,
    // Of the white space beyond ASCII, PostgreSQL makes names.
    String.raw`[ \t\n\r\f\v]+(?!\s)`,
    String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*(?![\w$\u0080-\uffff'&])`,
    String.raw`\$\d+(?!\d)`,
    String.raw`"[\w$ .\u0080-\uffff-]{1,63}"(?!")`,
    String.raw`\.(?!\d)`,
    '-(?!-)',
    String.raw`/(?!\*)`,
  ].join('|')})+`,
  'y',
);

/** What PostgreSQL accepts as a name, 63 bytes at most. Anything else in double quotes is probably a value from someone used to MySQL. */
const IDENTIFIER = /^"(?:[\w$ .\u0080-\uffff-]|""){1,63}"$/;

/**
 * The statement without what a caller may have put in it: literals become `?`, comments are removed, runs of literals
 * collapse to one `?`, white space to one space. Identifiers and parameters (`$1`) stay.
 *
 * Cut or malformed SQL (an open quote) is treated as literal to its end: when in doubt, nothing gets out.
 * Cost is linear in the text; callers cache (see `sqlStatements.ts`).
 *
 * @param takesShortcut false reads everything by `LEXEME`, which must make no difference
 */
export function scrubSql(sql: string, takesShortcut = true): string {
  const source = sql.length > MAX_SCANNED_CHARS ? sql.slice(0, MAX_SCANNED_CHARS) : sql;
  let scrubbed = '';
  let at = 0;
  while (at < source.length) {
    PLAIN.lastIndex = at;
    if (takesShortcut && PLAIN.test(source)) {
      scrubbed += source.slice(at, PLAIN.lastIndex);
      at = PLAIN.lastIndex;
      continue;
    }
    LEXEME.lastIndex = at;
    const groups = LEXEME.exec(source)?.groups;
    if (groups === undefined) {
      scrubbed += source[at];
      at += 1;
      continue;
    }
    at = LEXEME.lastIndex;
    if (groups['kept'] !== undefined) scrubbed += groups['kept'];
    else if (groups['quoted'] !== undefined) scrubbed += IDENTIFIER.test(groups['quoted']) ? groups['quoted'] : '?';
    else if (groups['space'] !== undefined) scrubbed += ' ';
    else if (groups['comment'] !== undefined) {
      scrubbed += ' ';
      if (groups['comment'] === '/*') at = endOfBlockComment(source, at);
    } else {
      scrubbed += '?';
      if (groups['dollar'] !== undefined) at = endOfDollarQuote(source, at, groups['dollar']);
      // A server with standard_conforming_strings off ends this string in a different place.
      else if (groups['string']?.includes("\\'") === true) at = source.length;
    }
  }
  return shortened(
    scrubbed
      .replace(/[ \t\n\r\f\v]{2,}|[\t\n\r\f\v]/g, ' ')
      .replace(/\?(?: ?, ?\?)+/g, '?')
      .trim(),
  );
}

/** Block comments nest in PostgreSQL; an open one hides the rest of the text. */
function endOfBlockComment(source: string, from: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  for (let depth = 1; depth > 0; ) {
    const found = edge.exec(source);
    if (found === null) return source.length;
    depth += found[0] === '/*' ? 1 : -1;
  }
  return edge.lastIndex;
}

function endOfDollarQuote(source: string, from: number, tag: string): number {
  const close = source.indexOf(tag, from);
  return close === -1 ? source.length : close + tag.length;
}

function shortened(text: string): string {
  if (text.length <= SURELY_FITS_CHARS || Buffer.byteLength(text) <= MAX_KEPT_BYTES) return text;
  // This encodes whole characters only, and says how much of the text they cover.
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(ROOM_BEFORE_MARK));
  return `${text.slice(0, read)}${CUT_MARK}`;
}
