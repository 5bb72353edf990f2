import type { LoadListener, LoadPattern } from './loadWatch.js';
import { ourRequire } from './ourRequire.js';
import { matchesFile, tellExports } from './watchCjs.js';

/** Returns the files of every CommonJS module this thread has loaded or is loading, in whichever way: imported CommonJS is included. */
export function loadedCjsFiles(): readonly string[] {
  return Object.keys(ourRequire().cache);
}

/** Notifies `listener` of the matching CommonJS modules that are loaded; those still loading are skipped. */
export function tellLoadedCjs(pattern: LoadPattern, listener: LoadListener): void {
  const { cache } = ourRequire();
  for (const file of Object.keys(cache)) {
    const module = matchesFile(pattern, file) ? cache[file] : undefined;
    if (module?.loaded === true) tellExports(file, module.exports, pattern, listener);
  }
}
