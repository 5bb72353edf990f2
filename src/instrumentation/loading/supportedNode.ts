/**
 * Returns what keeps this package from running on a version of Node, as the end of a sentence that begins with the package's name;
 * `undefined` if nothing does. Before 22.15, OpenTelemetry and this package call what Node does not have. Node 23 before 23.7 has
 * no `registerHooks`, or does not distinguish the thread of its module hooks from others, in which we would end the host.
 *
 * `cli.ts` and the output of `tools/commonJs.ts` repeat the rule, since they must decide before they load anything.
 *
 * @param version as in `process.versions.node`, for instance `22.15.0`
 */
export function unmetRequirement(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 23 || (major === 23 && minor >= 7) || (major === 22 && minor >= 15)) return undefined;
  return `needs Node 22.15 or newer${major === 23 ? ', and of Node 23 at least 23.7' : ''}; this is ${major}.${minor}`;
}
