import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * `require` as seen from this package. Bundlers that make CommonJS of it leave `import.meta` empty: then as seen from the
 * working folder, and made on first use, so that a bundle at least loads.
 */
export function ourRequire(): NodeJS.Require {
  const here: unknown = import.meta.url;
  return createRequire(typeof here === 'string' ? here : join(process.cwd(), 'bundle.cjs'));
}
