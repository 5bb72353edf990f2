/**
 * Replaces a method by `replacement`, and returns a function that restores the original. If other code has wrapped the replacement
 * since, it stays: removing it would remove that wrapper too. A replacement must therefore be able to turn itself into a no-op.
 */
export function replaceMethod<Owner extends object, Key extends keyof Owner>(owner: Owner, key: Key, replacement: Owner[Key]): () => void {
  const original = owner[key];
  owner[key] = replacement;
  return () => {
    if (owner[key] === replacement) owner[key] = original;
  };
}
