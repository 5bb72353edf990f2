import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A file of this package, or the bundle it was put into. Where bundlers that make CommonJS leave `import.meta` empty there may be a
 * `__filename`; else a file that might be in the working folder. Asked for on first use, never while a module loads, or such a bundle
 * could not even be loaded.
 */
export function ourFile(): string {
  const here: unknown = import.meta.url;
  if (typeof here === 'string') return fileURLToPath(here);
  return typeof __filename === 'string' ? __filename : join(process.cwd(), 'bundle.cjs');
}

let ours: NodeJS.Require | undefined;

/**
 * `require` as seen from this package. In a bundle that is the package as it is installed, not the bundle: package managers may hide our
 * dependencies from the program.
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
