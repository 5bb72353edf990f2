import type { SecretRule } from './secretRule.js';
import type { IsSensitiveKey } from './sensitiveKeys.js';

/** Defines what counts as secret. */
export interface Redaction {
  readonly isSensitiveKey: IsSensitiveKey;
  readonly rules: readonly SecretRule[];
}

/** Replaces what must not be seen. */
export const REDACTED = '[redacted]';

/** How far past the kept part a text is searched, in characters: a secret that begins before the cut is still seen whole. */
export const LOOKAHEAD_CHARS = 4096;

export interface RedactedText {
  readonly text: string;
  /** Whether the text continued past the returned part. */
  readonly cut: boolean;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the first `atMostChars` characters of `given` with every secret in them replaced. Rules look at the unredacted text, and
 * whatever any of them finds is replaced; a secret that crosses the cut is replaced as a whole. Reads a bounded part of the text.
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
