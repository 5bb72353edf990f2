/**
 * Whether a synchronous load hook can coexist with an asynchronous one (tsx, import-in-the-middle) in this version of Node. Before
 * these versions Node rejects the empty source that asynchronous hooks leave for CommonJS, and the host crashes. Delete when the
 * oldest supported Node is 24.11.1.
 *
 * @param version as in `process.versions.node`, for instance `22.15.0`
 */
export function syncLoadHooksAreSafe(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major >= 26) return true;
  if (major === 25) return minor >= 1;
  if (major === 24) return minor > 11 || (minor === 11 && patch >= 1);
  return major === 22 && (minor > 22 || (minor === 22 && patch >= 3));
}
