import type { Report } from './secretRule.js';
import { endOfBrackets, endOfQuote, quoteAt } from './quotedText.js';
import type { IsSensitiveKey } from './sensitiveKeys.js';

/**
 * What may separate a key from its value: `key: v`, `key=v`, `key => v`, `"key": v` at any depth of escaping,
 * `<key>v</key>`, `--key v`.
 */
const SEPARATOR = /[:=>]|\s(?<=(?<![\w-])--\w[\w-]{1,63}\s)/g;

const KEY_CHAR = /[\p{L}\p{N}_.-]/u;
const BLANKS = /\s*/y;
/** The second half of `=>`, `:=` or `::`, then blanks. */
const REST_OF_SEPARATOR = /[:=>]?[\t ]*/y;

/** How far back to look for a key: nobody gives secrets longer names. */
const MAX_KEY_CHARS = 64;

/**
 * Finds values that a text assigns to a sensitive key: tool results are mostly JSON, YAML, headers or command lines
 * inside a string. When it is unclear where a value ends, the later end counts: the end of the line or of the text.
 */
export function findAssignedSecrets(text: string, isSensitiveKey: IsSensitiveKey, report: Report): void {
  const separators = new RegExp(SEPARATOR);
  for (let found = separators.exec(text); found !== null; found = separators.exec(text)) {
    const isTag = found[0] === '>';
    const key = keyBefore(text, found.index, isTag);
    if (key === undefined || !isSensitiveKey(key)) continue;
    const start = isTag ? found.index + 1 : startOfValue(text, found.index, found[0]);
    const end = isTag ? endOfTagged(text, start) : endOfValue(text, start, found[0]);
    report(start, end);
    separators.lastIndex = Math.max(end, found.index + 1);
  }
}

/** Returns up to two words before a separator, which may be in quotes; for a tag only `<word`. */
function keyBefore(text: string, separatorAt: number, isTag: boolean): string | undefined {
  let end = separatorAt;
  const from = Math.max(0, separatorAt - MAX_KEY_CHARS);
  while (!isTag && end > from && /[\s"'`\\\])]/.test(text.charAt(end - 1))) end -= 1;
  let start = wordStart(text, end, from);
  if (start === end) return undefined;
  if (isTag) return text.charAt(start - 1) === '<' ? text.slice(start, end) : undefined;
  if (text.charAt(start - 1) === ' ') start = wordStart(text, start - 1, from);
  return text.slice(start, end);
}

function wordStart(text: string, end: number, from: number): number {
  let start = end;
  while (start > from && KEY_CHAR.test(text.charAt(start - 1))) start -= 1;
  return start;
}

/** A value may be on the next line after a colon (YAML, pretty-printed JSON), but never after an equals sign. */
function startOfValue(text: string, separatorAt: number, separator: string): number {
  REST_OF_SEPARATOR.lastIndex = separatorAt + 1;
  REST_OF_SEPARATOR.test(text);
  if (separator !== ':') return REST_OF_SEPARATOR.lastIndex;
  BLANKS.lastIndex = REST_OF_SEPARATOR.lastIndex;
  BLANKS.test(text);
  return BLANKS.lastIndex;
}

function endOfValue(text: string, start: number, separator: string): number {
  const quote = quoteAt(text, start);
  if (quote !== undefined) return endOfQuote(text, start, quote);
  const first = text.charAt(start);
  if (first === '{' || first === '[') return endOfBrackets(text, start);
  if (separator === ':') return first === '|' || first === '>' ? text.length : endOfBlock(text, start);
  const stop = /[\s&;]/g;
  stop.lastIndex = start;
  return stop.exec(text)?.index ?? text.length;
}

/** Returns the end of the line; if the value began on its own line (YAML), the end of all lines indented as deeply or deeper. */
function endOfBlock(text: string, start: number): number {
  let indent = 0;
  while (text.charAt(start - indent - 1) === ' ' || text.charAt(start - indent - 1) === '\t') indent += 1;
  const isBlock = text.charAt(start - indent - 1) === '\n';
  if (isBlock && indent === 0) return text.length;
  const stop = isBlock ? new RegExp(`\\n(?=[\\t ]{0,${indent - 1}}[^\\s])`, 'g') : /[\r\n]/g;
  stop.lastIndex = start;
  return stop.exec(text)?.index ?? text.length;
}

function endOfTagged(text: string, start: number): number {
  const close = text.indexOf('</', start);
  return close === -1 ? text.length : close;
}
