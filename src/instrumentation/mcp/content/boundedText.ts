import { redactText } from './redactor.js';
import type { Redaction } from './redactor.js';
import { CUT_MARK, CUT_MARK_BYTES, beginningWithin, detached, utf8Cost } from './textCut.js';

/** Returns `text` with secrets replaced, in at most `maxBytes` bytes of UTF-8 (32 or more). The work is bounded by `maxBytes`. */
export function boundedText(text: string, maxBytes: number, { rules }: Redaction): string {
  const redacted = redactText(text, maxBytes, rules);
  if (!redacted.cut && Buffer.byteLength(redacted.text) <= maxBytes) return detached(redacted.text);
  return detached(`${beginningWithin(redacted.text, maxBytes - CUT_MARK_BYTES, utf8Cost)}${CUT_MARK}`);
}
