import { createRequire } from 'node:module';
import type { LoadListener, LoadPattern } from './loadWatch.js';
import { matchesFile, tellExports } from './watchCjs.js';

const ours = createRequire(import.meta.url);

/** Files of every CommonJS module this thread has loaded or is loading, however: `import` of CommonJS is in there too. */
export function loadedCjsFiles(): readonly string[] {
  return Object.keys(ours.cache);
}

/** Tells `listener` of the matching CommonJS modules that are loaded; those still loading are passed over. */
export function tellLoadedCjs(pattern: LoadPattern, listener: LoadListener): void {
  for (const file of loadedCjsFiles()) {
    const module = matchesFile(pattern, file) ? ours.cache[file] : undefined;
    if (module?.loaded === true) tellExports(file, module.exports, pattern, listener);
  }
}
