import type { JsRuntime } from '../loading/jsRuntime.js';
import { watchCjsFiles } from '../loading/watchCjs.js';
import { watchLoads } from '../loading/watchLoads.js';
import { classOfFile, classOfUrl } from './foundClass.js';
import type { FoundClass } from './foundClass.js';
import { CLASS_FILES, CLASS_NAMES } from './libraryTable.js';

/**
 * Notifies `listener` of each class that loads from now on, before the code that asked for it goes on; of some classes twice.
 * Nearly all CommonJS passes through Node's own loader, whether it is required or imported. What a custom loader hands to Node as
 * text does not (loaders of `node --import` or `--experimental-loader` may do so), and is seen by a load hook of our own. Returns a
 * function that stops it.
 */
export function watchLibraries(listener: (found: FoundClass) => void, runtime: JsRuntime): () => void {
  const tell = (found: FoundClass | undefined): void => {
    if (found !== undefined) listener(found);
  };
  const ends = [
    watchCjsFiles(CLASS_FILES, (file, exports) => tell(classOfFile(file, exports))),
    watchLoads({ files: CLASS_FILES, names: CLASS_NAMES }, ({ url, values }) => tell(classOfUrl(url, values)), runtime),
  ];
  return () => {
    for (const end of ends) end();
  };
}
