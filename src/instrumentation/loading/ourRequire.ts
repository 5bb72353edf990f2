import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Returns a file of this package, or the bundle it was put into. Where CommonJS bundlers leave `import.meta` empty, there may be a
 * `__filename`; otherwise it is a file that might be in the working directory. Called on first use, never while a module loads, or
 * such a bundle could not even be loaded.
 */
export function ourFile(): string {
  const here: unknown = import.meta.url;
  if (typeof here === 'string') return fileURLToPath(here);
  return typeof __filename === 'string' ? __filename : join(process.cwd(), 'bundle.cjs');
}

let ours: NodeJS.Require | undefined;

/**
 * Returns `require` as seen from this package. In a bundle it is that of the installed package, not of the bundle: package managers
 * may hide our dependencies from the program.
 */
export function ourRequire(): NodeJS.Require {
  return (ours ??= installedRequire(createRequire(ourFile())));
}

function installedRequire(bundled: NodeJS.Require): NodeJS.Require {
  try {
    return createRequire(bundled.resolve('handoff-otel/package.json'));
  } catch {
    return bundled;
  }
}
