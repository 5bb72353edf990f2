import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The place of a file of this package that is not imported: a thread's, or data. `tools/bundle.ts` puts a call of this where the sources
 * have `new URL(…, import.meta.url)`.
 *
 * Bundlers take that form for something to resolve when they build, and fail on what is no module. And a bundle of a user lies somewhere
 * else than we do: then the file is in the package as it is installed.
 *
 * @param path from the folder of the built package
 */
export function ownAddress(path: string): URL {
  // Bundles that are CommonJS have no `import.meta.url`.
  const here = (import.meta.url as string | undefined) ?? pathToFileURL(join(process.cwd(), 'bundle.cjs')).href;
  const beside = new URL(path, here);
  if (existsSync(beside)) return beside;
  try {
    return new URL(path, pathToFileURL(join(createRequire(here).resolve('handoff-otel/package.json'), '../dist/')));
  } catch {
    return beside;
  }
}
