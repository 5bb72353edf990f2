import { boundedText } from '../../../../src/mcp/content/boundedText.js';
import type { Redaction } from '../../../../src/mcp/content/redactor.js';
import { sensitiveKeys } from '../../../../src/mcp/content/sensitiveKeys.js';
import { standardRules } from '../../../../src/mcp/content/standardRules.js';

export function standardRedaction(options: { readonly keys?: readonly string[]; readonly emails?: boolean } = {}): Redaction {
  const isSensitiveKey = sensitiveKeys(options.keys ?? []);
  return { isSensitiveKey, rules: standardRules({ isSensitiveKey, emails: options.emails ?? false }) };
}

const standard = standardRedaction();

/** The text as telemetry would show it, with room for all of it. */
export function shown(text: string, redaction: Redaction = standard): string {
  return boundedText(text, 65_536, redaction);
}
