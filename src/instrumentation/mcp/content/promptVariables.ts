import type { Attributes } from '@opentelemetry/api';
import { boundedJson } from './boundedJson.js';
import { boundedText } from './boundedText.js';
import { readable } from './objectParts.js';
import { REDACTED, redactText } from './redactor.js';
import type { Redaction } from './redactor.js';

/** A prompt has a handful of arguments; any beyond this number get no attribute. */
const MAX_VARIABLES = 32;
const MAX_NAME_CHARS = 128;
/** The smallest limit to which a value can be cut. */
const MIN_VALUE_BYTES = 64;

/** Returns one attribute per prompt argument; the values have at most `maxBytes` bytes in total. */
export function promptVariables(prefix: string, args: unknown, maxBytes: number, redaction: Redaction): Attributes {
  const variables: Attributes = {};
  const parts = typeof args === 'object' && args !== null ? readable(args, '') : undefined;
  if (parts?.kind !== 'record') return variables;
  let count = 0;
  let bytesLeft = maxBytes;
  for (const [name, value] of parts.entries) {
    if (count === MAX_VARIABLES || bytesLeft < MIN_VALUE_BYTES) break;
    count += 1;
    if (name.length > MAX_NAME_CHARS) continue;
    const shown = redaction.isSensitiveKey(name) ? REDACTED : textOf(value, bytesLeft, redaction);
    if (shown === undefined) continue;
    variables[prefix + redactText(name, MAX_NAME_CHARS, redaction.rules).text] = shown;
    bytesLeft -= Buffer.byteLength(shown);
  }
  return variables;
}

/** Returns texts unchanged; anything else, which should not be there, as JSON. */
function textOf(value: unknown, maxBytes: number, redaction: Redaction): string | undefined {
  return typeof value === 'string' ? boundedText(value, maxBytes, redaction) : boundedJson(value, maxBytes, redaction);
}
