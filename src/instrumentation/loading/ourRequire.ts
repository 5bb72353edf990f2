import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A file of this package. Bundlers that make CommonJS of it leave `import.meta` empty: then one that might be in the working
 * folder. Asked for on first use, never while a module loads, or such a bundle could not even be loaded.
 */
export function ourFile(): string {
  const here: unknown = import.meta.url;
  return typeof here === 'string' ? fileURLToPath(here) : join(process.cwd(), 'bundle.cjs');
}

/** `require` as seen from this package. */
export function ourRequire(): NodeJS.Require {
  return createRequire(ourFile());
}
