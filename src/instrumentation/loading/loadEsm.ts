import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ourRequire } from './ourRequire.js';

/**
 * Returns the live namespace of an ES module, which is loaded now unless it has been; `undefined` if the file is absent or cannot be
 * loaded. For Bun and Deno, which do not say whether a module that is linked waits for its turn or was never asked for (see
 * `watchLoads`): whoever imports it later gets the same instance. On Node, `probeLoadedEsm` loads nothing.
 *
 * @param url `file:` URL as `import.meta.url` would have it: with symbolic links resolved
 */
export function loadEsm(url: string): object | undefined {
  const file = fileURLToPath(url);
  if (!existsSync(file)) return undefined;
  try {
    const namespace: unknown = ourRequire()(file);
    return typeof namespace === 'object' && namespace !== null ? namespace : undefined;
  } catch {
    return undefined;
  }
}
