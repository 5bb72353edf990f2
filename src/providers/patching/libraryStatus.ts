import type { LibraryOptions } from '../settings/options.js';
import { loadedPackages } from './loadedPackages.js';
import { satisfies } from './versions.js';
import { isPatched } from './wrapped.js';

/** How one loaded copy of a library is covered. */
export interface LibraryCopy {
  readonly version: string;
  readonly root: string;
  /** `channel`: its own diagnostics channel. `patched`: its methods are wrapped. `none`: see `reason`. */
  readonly coverage: 'channel' | 'patched' | 'none';
  /** Why there is no coverage, and what to do about it. */
  readonly reason?: string;
}

export interface LibraryStatus {
  readonly name: string;
  readonly enabled: boolean;
  /** Empty: not loaded (it is covered once it is), or bundled into the application. */
  readonly copies: readonly LibraryCopy[];
}

interface Library {
  readonly name: string;
  readonly option: keyof LibraryOptions;
  /** Versions covered by their channel. */
  readonly channel?: string;
  /** Versions the patch supports. */
  readonly patch?: string;
}

const LIBRARIES: readonly Library[] = [
  { name: 'pg', option: 'pg', patch: '>=8.0.3 <9' },
  { name: 'pg-pool', option: 'pg', patch: '>=2.0.0 <4' },
  { name: 'ioredis', option: 'ioredis', channel: '>=5.11.0', patch: '>=2.0.0 <5.11.0' },
  { name: 'pino', option: 'pino', channel: '>=9.8.0' },
];

/** Looks at what is loaded now, not at what was when instrumentation started. */
export function libraryStatus(enabled: Required<LibraryOptions>): readonly LibraryStatus[] {
  return LIBRARIES.map((library) => ({
    name: library.name,
    enabled: enabled[library.option],
    copies: loadedPackages(library.name).map(({ root, version, exports }) => ({
      root,
      version,
      ...(enabled[library.option] ? coverageOf(library, version, exports) : { coverage: 'none' as const, reason: 'switched off in libraries' }),
    })),
  }));
}

function coverageOf({ name, channel, patch }: Library, version: string, exports: unknown): Pick<LibraryCopy, 'coverage' | 'reason'> {
  if (channel !== undefined && satisfies(version, channel)) return { coverage: 'channel' };
  if (patch === undefined || !satisfies(version, patch)) {
    return { coverage: 'none', reason: `unsupported version; supported: ${[patch, channel].filter(Boolean).join(' or ')}` };
  }
  if (isPatched(name, exports)) return { coverage: 'patched' };
  return { coverage: 'none', reason: 'imported after instrument() as an ES module; import it before, or with require' };
}
