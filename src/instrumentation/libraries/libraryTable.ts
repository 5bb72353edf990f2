import type { LibraryModules, LibraryOptions } from '../settings/options.js';

export type LibraryName = keyof LibraryModules;

/** How one library is recognised. */
export interface Library {
  readonly name: LibraryName;
  /** The option that switches it. */
  readonly option: keyof LibraryOptions;
  /** Versions we can cover. */
  readonly supported: string;
  /** Files of the package that declare what we patch, in all versions. */
  readonly files: readonly string[];
  /** Names it is declared and exported by. */
  readonly names: readonly string[];
  /** Whether a value is what we patch. The names alone are too common. */
  readonly isIt: (value: unknown) => boolean;
}

export const LIBRARIES: readonly Library[] = [
  {
    name: 'pg',
    option: 'pg',
    supported: '>=8.0.3 <9',
    files: ['lib/client.js', 'lib/native/client.js'],
    names: ['Client'],
    isIt: isClassWith('query', 'connect'),
  },
  {
    name: 'pg-pool',
    option: 'pg',
    supported: '>=2.0.0 <4',
    files: ['index.js'],
    names: ['Pool'],
    isIt: isClassWith('connect', 'end', 'query'),
  },
  {
    name: 'ioredis',
    option: 'ioredis',
    supported: '>=2.0.0 <7',
    files: ['built/Redis.js', 'built/redis/index.js', 'lib/redis/index.js', 'lib/redis.js'],
    names: ['Redis'],
    isIt: isClassWith('sendCommand', 'connect', 'disconnect'),
  },
  {
    name: 'pino',
    option: 'pino',
    supported: '>=7.0.0 <11',
    files: ['pino.js'],
    names: ['pino'],
    isIt: (value) => typeof value === 'function' && 'symbols' in value,
  },
];

/**
 * Files to inspect when they load. The package's folder may not have the package's name (`npm:` aliases), so only its manifest is
 * certain; `index.js` is too common for that.
 */
export const CLASS_FILES =
  /\/(?:node_modules|npm\/[^/]+)\/(?:pg-pool\/(?:\d[^/]*\/)?index|(?:@[^/]+\/)?[^/@]+\/(?:\d[^/]*\/)?(?:lib\/(?:native\/)?client|built\/Redis|built\/redis\/index|lib\/redis\/index|lib\/redis|pino))\.js$/;

export const CLASS_NAMES: readonly string[] = LIBRARIES.flatMap(({ names }) => names);

/** Returns what we patch from what a module exports or hands over: the class itself, or an object that has it. */
export function classIn({ names, isIt }: Library, exports: unknown): object | undefined {
  const candidates = [exports, ...['default', ...names].map((name) => member(exports, name))];
  return candidates.find((candidate): candidate is object => isIt(candidate));
}

function isClassWith(...methods: readonly string[]): (value: unknown) => boolean {
  return (value) => {
    const prototype = typeof value === 'function' ? (value.prototype as unknown) : undefined;
    return methods.every((method) => typeof member(prototype, method) === 'function');
  };
}

function member(owner: unknown, key: string): unknown {
  return (typeof owner === 'object' && owner !== null) || typeof owner === 'function' ? Reflect.get(owner, key) : undefined;
}
