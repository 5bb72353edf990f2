import type { LibraryOptions } from '../settings/options.js';
import type { LibraryCopy } from './coverage.js';
import { loadedClasses } from './foundClass.js';
import type { LibraryCopies } from './libraryCopies.js';
import { LIBRARIES } from './libraryTable.js';
import type { LibraryName } from './libraryTable.js';

export interface LibraryStatus {
  readonly name: string;
  readonly enabled: boolean;
  readonly copies: readonly LibraryCopy[];
  /** Said when there is no copy: why that may be, and what to do. */
  readonly note?: string;
}

/** Looks at what is loaded now, not at what was when instrumentation started. */
export function libraryStatus(enabled: Required<LibraryOptions>, copies: LibraryCopies, seenOnChannel: (name: LibraryName) => boolean): readonly LibraryStatus[] {
  // What is loaded in a way that no hook saw is covered from here on.
  for (const found of loadedClasses()) copies.take(found, 'load hook');
  return LIBRARIES.map(({ name, option }) => {
    const isEnabled = enabled[option];
    const found = copies.list(name);
    if (isEnabled && found.length === 0 && seenOnChannel(name)) found.push({ version: 'unknown', root: 'bundled', coverage: 'channel', foundBy: 'channel' });
    const note = isEnabled ? `not loaded yet: covered once it is. Not found if a bundler put it into the program: hand it over with instrument({ modules: { ${quoted(name)} } })` : 'switched off in libraries';
    return { name, enabled: isEnabled, copies: found, ...(found.length === 0 ? { note } : {}) };
  });
}

/** Pools of `pg` are found by `pg`. */
function quoted(name: LibraryName): string {
  return name === 'pg-pool' ? 'pg' : name;
}
