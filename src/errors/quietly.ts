/**
 * Runs code whose failure must not harm the host: telemetry, and reading what belongs to the host. Returns `undefined` if it fails.
 *
 * Each call allocates a new function. Code that runs for every message or query uses its own `try` instead.
 */
export function quietly<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}
