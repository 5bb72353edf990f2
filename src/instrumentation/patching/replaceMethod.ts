/**
 * Puts `replacement` in the place of a method, and returns what puts the original back. If someone has wrapped the replacement
 * since, it stays: taking it out would take theirs out with it. A replacement must therefore have a way of its own to do nothing.
 */
export function replaceMethod<Owner extends object, Key extends keyof Owner>(owner: Owner, key: Key, replacement: Owner[Key]): () => void {
  const original = owner[key];
  owner[key] = replacement;
  return () => {
    if (owner[key] === replacement) owner[key] = original;
  };
}
