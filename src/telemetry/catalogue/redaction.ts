/**
 * What a collector removes from telemetry of any origin: the second line of defence behind `instrument()`, which sends no content
 * unless it is asked to.
 * Patterns are RE2, as in Go. The collector's configurations hold the same lists; a test compares them.
 */
export const redaction = {
  /** Attributes that are removed from resources: a command line is where people put passwords. */
  removedResourceKeys: String.raw`^process\.command_(args|line)$`,
  /** Attributes that are removed from spans, span events, data points and log records: content and identity, by name. */
  removedKeys: String.raw`^(gen_ai\.(input\.messages|output\.messages|system_instructions|tool\.call\.(arguments|result)|prompt\.variable\..+)|db\.query\.parameter\..+|http\.(request|response)\.(header|body)\..+|url\.query|(end)?user\..+)$`,
  /** Keys whose values are masked: they name a secret. */
  maskedKeys: [
    '(?i)(?:password|passwd|passphrase|secret|api[_-]?key|authorization|cookie|credentials?|private[_-]?key|(?:access|refresh|auth|id|bearer|session)[_-]?token)$',
    '(?i)(?:^|[._-])token$',
  ],
  /** Values that are masked, wherever they stand. The order matters: the user info of whole URLs comes before the addresses. */
  maskedValues: [
    String.raw`://[^/\s:@]+:[^/\s@]+@`,
    String.raw`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`,
    String.raw`(?i)\bbearer\s+[A-Za-z0-9._~+/=-]{16,}`,
    String.raw`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`,
    String.raw`\b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]+[-_])*[A-Za-z0-9]{16,}`,
    String.raw`\bgh[pousr]_[A-Za-z0-9]{30,}`,
    String.raw`\bgithub_pat_[A-Za-z0-9_]{30,}`,
    String.raw`\bxox[abposr]-[A-Za-z0-9-]{10,}`,
    String.raw`\b(?:AKIA|ASIA)[0-9A-Z]{16}\b`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)`,
    String.raw`\b[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}[ -][0-9]{4}\b`,
  ],
} as const;
