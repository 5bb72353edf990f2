/** Pause after the first time, in milliseconds. It doubles each time, up to the longest. */
const SHORTEST_MS = 2000;
const LONGEST_MS = 60_000;

/**
 * Returns a function that says whether a connection may be given up for a new one because of what the server answers. The first time it
 * may at once, as after a failover. A new one may lead to the same server again, and would be given up as soon as it is made: so later
 * times need pauses that double. They begin anew when nothing was asked for twice the last pause.
 *
 * @param monotonicMs a clock that does not jump, in milliseconds
 */
export function leaveAtPauses(monotonicMs: () => number): () => boolean {
  let pauseMs = SHORTEST_MS;
  let leftMs = -Infinity;
  return () => {
    const nowMs = monotonicMs();
    const sinceMs = nowMs - leftMs;
    if (sinceMs < pauseMs) return false;
    pauseMs = sinceMs > 2 * pauseMs ? SHORTEST_MS : Math.min(2 * pauseMs, LONGEST_MS);
    leftMs = nowMs;
    return true;
  };
}
