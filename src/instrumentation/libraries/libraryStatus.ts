import type { JsRuntime } from '../loading/jsRuntime.js';
import type { LibraryOptions } from '../settings/options.js';
import type { LibraryCopy } from './coverage.js';
import { loadedClasses } from './foundClass.js';
import { SHUT_DOWN } from './libraryCopies.js';
import type { LibraryCopies } from './libraryCopies.js';
import { LIBRARIES } from './libraryTable.js';
import type { LibraryName } from './libraryTable.js';

/** How one library, or Node's runtime, is covered. */
export interface LibraryStatus {
  /** `pg`, `pg-pool`, `ioredis`, `pino` or `runtime`. */
  readonly name: string;
  /** Whether `libraries` leaves it enabled. */
  readonly enabled: boolean;
  /** The runtime has one copy: Node, Bun or Deno itself. */
  readonly copies: readonly LibraryCopy[];
  /** Present when there is no copy: the likely reason, and what to do. */
  readonly note?: string;
}

export interface LibrarySources {
  readonly enabled: Required<LibraryOptions>;
  readonly copies: LibraryCopies;
  /** Whether any copy of a library has published on its channel. */
  readonly wasSeen: (name: LibraryName) => boolean;
  /** `problem`: why its metrics could not be started. */
  readonly runtime: Pick<JsRuntime, 'name' | 'version'> & { readonly problem: string | undefined };
}

const SWITCHED_OFF = 'switched off in libraries';

/** Reports what is loaded now, not what was loaded when instrumentation started. Never throws. */
export function libraryStatus(sources: LibrarySources): readonly LibraryStatus[] {
  const { enabled, copies, wasSeen } = sources;
  // Copies that loaded without any hook noticing are covered from here on.
  if (!copies.isReleased) for (const found of loadedClasses()) copies.take(found, 'load hook');
  const libraries = LIBRARIES.map(({ name, option }): LibraryStatus => {
    const found = copies.list(name);
    if (enabled[option] && found.length === 0 && wasSeen(name))
      found.push({ version: 'unknown', root: 'bundled', foundBy: 'channel', ...endedOr('channel', copies) });
    return {
      name,
      enabled: enabled[option],
      copies: found,
      ...(found.length === 0 ? { note: enabled[option] ? noteOf(name, copies) : SWITCHED_OFF } : {}),
    };
  });
  return [...libraries, runtimeStatus(sources)];
}

function runtimeStatus({ enabled, copies, runtime: { name, version, problem } }: LibrarySources): LibraryStatus {
  if (!enabled.runtime) return { name: 'runtime', enabled: false, copies: [], note: SWITCHED_OFF };
  const coverage = problem === undefined ? endedOr('observed', copies) : ({ coverage: 'none', reason: problem } as const);
  return { name: 'runtime', enabled: true, copies: [{ version, root: name, foundBy: 'loaded', ...coverage }] };
}

function endedOr(coverage: LibraryCopy['coverage'], { isReleased }: LibraryCopies): Pick<LibraryCopy, 'coverage' | 'reason'> {
  return isReleased ? { coverage: 'none', reason: SHUT_DOWN } : { coverage };
}

/** Pools of `pg` are found through `pg`. */
function noteOf(name: LibraryName, { isReleased }: LibraryCopies): string {
  if (isReleased) return SHUT_DOWN;
  const handedOver = name === 'pg-pool' ? 'pg' : name;
  return `not loaded yet; it is covered once it loads. A copy that a bundler put into the program is not found: pass it to instrument({ modules: { ${handedOver} } })`;
}
