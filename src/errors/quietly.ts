/**
 * Runs what may fail without harm to the host: telemetry, and reading what belongs to the host. Answers `undefined` when it failed.
 *
 * It takes a function, and each call makes a new one. Code that runs for every message or query writes its own `try` instead.
 */
export function quietly<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}
