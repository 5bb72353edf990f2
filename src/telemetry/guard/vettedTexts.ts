/**
 * Error texts that were redacted before they were put on a span, by span. The guard removes every other text: hosts put raw
 * messages on the same spans (`span.recordException(error)`), and only these texts are known to be clean.
 */
const vetted = new WeakMap<object, Set<string>>();

/** Allows a redacted text to leave with this span. */
export function vetText(span: object, text: string): void {
  const texts = vetted.get(span);
  if (texts === undefined) vetted.set(span, new Set([text]));
  else texts.add(text);
}

export function isVetted(span: object, text: unknown): boolean {
  return typeof text === 'string' && vetted.get(span)?.has(text) === true;
}
