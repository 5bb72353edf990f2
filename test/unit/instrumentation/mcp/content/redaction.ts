import { boundedText } from '../../../../../src/instrumentation/mcp/content/boundedText.js';
import type { Redaction } from '../../../../../src/instrumentation/mcp/content/redactor.js';
import { sensitiveKeys } from '../../../../../src/instrumentation/mcp/content/sensitiveKeys.js';
import { standardRules } from '../../../../../src/instrumentation/mcp/content/standardRules.js';

export function standardRedaction(options: { readonly keys?: readonly string[]; readonly emails?: boolean } = {}): Redaction {
  const isSensitiveKey = sensitiveKeys(options.keys ?? []);
  return { isSensitiveKey, rules: standardRules({ isSensitiveKey, emails: options.emails ?? false }) };
}

const standard = standardRedaction();

/** The text as telemetry would show it, with room for all of it. */
export function shown(text: string, redaction: Redaction = standard): string {
  return boundedText(text, 65_536, redaction);
}
