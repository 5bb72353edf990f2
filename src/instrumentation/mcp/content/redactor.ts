import type { SecretRule } from './secretRule.js';
import type { IsSensitiveKey } from './sensitiveKeys.js';

/** What counts as secret. */
export interface Redaction {
  readonly isSensitiveKey: IsSensitiveKey;
  readonly rules: readonly SecretRule[];
}

/** Stands in for what must not be seen. */
export const REDACTED = '[redacted]';

/** How far behind the part that is kept a text is searched, in characters: a secret that begins before the cut is still seen whole. */
export const LOOKAHEAD_CHARS = 4096;

export interface RedactedText {
  readonly text: string;
  /** Whether the text went on behind what was looked at. */
  readonly cut: boolean;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The first `atMostChars` characters of `text` with every secret in them replaced. Rules look at the unredacted text, and
 * what any of them finds goes; a secret that reaches over the edge goes as a whole. Works on a bounded part of the text.
 */
export function redactText(given: string, atMostChars: number, rules: readonly SecretRule[]): RedactedText {
  const maxChars = splitsPair(given, atMostChars) ? atMostChars - 1 : atMostChars;
  const cut = given.length > maxChars;
  const text = given.length > maxChars + LOOKAHEAD_CHARS ? given.slice(0, maxChars + LOOKAHEAD_CHARS) : given;
  const ranges: Range[] = [];
  for (const rule of rules) {
    if (text.length < rule.minChars) continue;
    rule.find(text, (start, end) => {
      if (end > start && start < maxChars) ranges.push({ start, end });
    });
  }
  if (ranges.length === 0) return { text: cut ? text.slice(0, maxChars) : text, cut };
  ranges.sort((left, right) => left.start - right.start);
  let redacted = '';
  let kept = 0;
  for (const { start, end } of ranges) {
    if (start >= kept && !(start === kept && redacted.endsWith(REDACTED))) redacted += `${text.slice(kept, start)}${REDACTED}`;
    kept = Math.max(kept, end);
  }
  return { text: redacted + text.slice(kept, Math.max(kept, maxChars)), cut };
}

function splitsPair(text: string, at: number): boolean {
  return at > 0 && at < text.length && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
