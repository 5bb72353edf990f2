/** On spans made of guarded parts only, so that the guard need not look at them again. A property: a `WeakSet` costs more than the guard. */
const BUILT_SAFE = Symbol('handoff-otel.built-safe');

/** Call only for a span that no one else can reach before it ends: not for one that becomes the active span. */
export function markBuiltSafe(span: object): void {
  // A frozen one of another SDK stays unmarked.
  Reflect.set(span, BUILT_SAFE, true);
}

export function isBuiltSafe(span: object & { readonly [BUILT_SAFE]?: boolean }): boolean {
  return span[BUILT_SAFE] === true;
}
