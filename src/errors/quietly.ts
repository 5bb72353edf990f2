/**
 * Runs what may fail without anybody but us noticing: telemetry, and looks at what is the host's. Answers `undefined` when it failed.
 *
 * Takes a function, which is made anew for every call; where each call counts (a message, a query), write the `try` out.
 */
export function quietly<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}
