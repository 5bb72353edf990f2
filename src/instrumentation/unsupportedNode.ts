let isReported = false;

/**
 * Writes one line about a Node version that we do not support, the first time only, and returns the notice.
 *
 * @param requirement as `unmetRequirement` returns it
 */
export function reportUnsupportedNode(requirement: string): string {
  const notice = `${requirement}; telemetry stays off.`;
  if (!isReported) writeLine(`handoff-otel ${notice}`);
  isReported = true;
  return notice;
}

/**
 * Uses the function with which Node writes its own warnings. `reportOnStderr` needs Node modules that the oldest versions do
 * not provide.
 */
function writeLine(line: string): void {
  const write: unknown = Reflect.get(process, '_rawDebug');
  if (typeof write === 'function') Reflect.apply(write, process, [line]);
}
