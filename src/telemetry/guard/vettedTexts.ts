/**
 * Error texts that were redacted before they went on a span, by span. The guard takes every other text off: hosts put raw
 * messages on the same spans (`span.recordException(error)`), and only what is in here is known to be clean.
 */
const vetted = new WeakMap<object, Set<string>>();

/** Lets a redacted text leave on this span. */
export function vetText(span: object, text: string): void {
  const texts = vetted.get(span);
  if (texts === undefined) vetted.set(span, new Set([text]));
  else texts.add(text);
}

export function isVetted(span: object, text: unknown): boolean {
  return typeof text === 'string' && vetted.get(span)?.has(text) === true;
}
