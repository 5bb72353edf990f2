let isReported = false;

/**
 * Writes one line about a version of Node that we do not run on, the first time only, and returns what it says.
 *
 * @param requirement of `unmetRequirement`
 */
export function reportUnsupportedNode(requirement: string): string {
  const notice = `${requirement}; telemetry stays off.`;
  if (!isReported) writeLine(`handoff-otel ${notice}`);
  isReported = true;
  return notice;
}

/** By what Node writes its own warnings with. `reportOnStderr` needs modules of Node that the oldest versions do not hand out. */
function writeLine(line: string): void {
  const write: unknown = Reflect.get(process, '_rawDebug');
  if (typeof write === 'function') Reflect.apply(write, process, [line]);
}
