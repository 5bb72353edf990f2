import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Returns the URL of a file of this package that is not imported: that of a thread, or data. `tools/bundle.ts` replaces `new URL(…,
 * import.meta.url)` in the sources by a call of this function.
 *
 * Bundlers try to resolve that form when they build, and fail on what is not a module. And a user's bundle is not in our folder:
 * then the file is in the installed package.
 *
 * @param path relative to the folder of the built package
 */
export function ownAddress(path: string): URL {
  // CommonJS bundles have no `import.meta.url`.
  const here = (import.meta.url as string | undefined) ?? pathToFileURL(join(process.cwd(), 'bundle.cjs')).href;
  const beside = new URL(path, here);
  if (existsSync(beside)) return beside;
  try {
    return new URL(path, pathToFileURL(join(createRequire(here).resolve('handoff-otel/package.json'), '../dist/')));
  } catch {
    return beside;
  }
}
