/** Marks spans built only from guarded parts, so that the guard can skip them. It is a property: a `WeakSet` costs more than the guard. */
const BUILT_SAFE = Symbol('handoff-otel.built-safe');

/** Call this only for a span that no one else can reach before it ends: not for one that becomes the active span. */
export function markBuiltSafe(span: object): void {
  // A frozen span of another SDK stays unmarked.
  Reflect.set(span, BUILT_SAFE, true);
}

export function isBuiltSafe(span: object & { readonly [BUILT_SAFE]?: boolean }): boolean {
  return span[BUILT_SAFE] === true;
}
