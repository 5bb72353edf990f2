import { errorCode, errorMessage } from '../../errors/classify.js';
import { MissingPeerError } from '../../errors/missingPeerError.js';

interface Peer<Module> {
  readonly load: () => Promise<Module>;
  /** What npm is told to install; the major versions we are tested with (a test compares them with package.json). */
  readonly installSpec: string;
  readonly neededFor: string;
}

// Literal names, so that bundlers and type checkers can see them; imported on first use, so that people who only call `instrument()` carry
// no database; each in a `try` of its own, because that is what makes bundlers take along what is installed and go on without the rest.
const peers = {
  pg: {
    load: async () => {
      try {
        return await import('pg');
      } catch (error) {
        return rethrow(error);
      }
    },
    installSpec: 'pg@8',
    neededFor: 'PostgreSQL storage',
  },
  ioredis: {
    load: async () => {
      try {
        return await import('ioredis');
      } catch (error) {
        return rethrow(error);
      }
    },
    installSpec: 'ioredis@6',
    neededFor: 'The Redis cache',
  },
  'lru-cache': {
    load: async () => {
      try {
        return await import('lru-cache');
      } catch (error) {
        return rethrow(error);
      }
    },
    installSpec: 'lru-cache@11',
    neededFor: 'The in-process cache',
  },
  '@electric-sql/pglite': {
    load: async () => {
      try {
        return await import('@electric-sql/pglite');
      } catch (error) {
        return rethrow(error);
      }
    },
    // Exact: the durability of the embedded database rests on parts of PGlite that its minor releases change.
    installSpec: '@electric-sql/pglite@0.5.14',
    neededFor: 'The embedded database (used when DATABASE_URL is not set)',
  },
} satisfies Record<string, Peer<object>>;

export type PeerName = keyof typeof peers;
type PeerModule<Name extends PeerName> = Awaited<ReturnType<(typeof peers)[Name]['load']>>;

/** Names of the optional packages and the npm specs named when one is missing. */
export const peerInstallSpecs: Readonly<Record<PeerName, string>> = {
  pg: peers.pg.installSpec,
  ioredis: peers.ioredis.installSpec,
  'lru-cache': peers['lru-cache'].installSpec,
  '@electric-sql/pglite': peers['@electric-sql/pglite'].installSpec,
};

/** Imports an optional package. Rejects with `MissingPeerError`, which names the install command; any other failure of it is rethrown as it is. */
export async function loadPeer<Name extends PeerName>(
  name: Name,
  load: () => Promise<object> = peers[name].load,
): Promise<PeerModule<Name>> {
  try {
    return (await load()) as PeerModule<Name>;
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    const { installSpec, neededFor } = peers[name];
    throw new MissingPeerError(name, `npm install ${installSpec}`, neededFor, error);
  }
}

/** `loadPeer` explains it. */
function rethrow(error: unknown): never {
  throw error;
}

/** Only the package itself counts: a package that is there but lacks one of its own dependencies is a broken install. */
function isMissing(error: unknown, name: string): boolean {
  const code = errorCode(error);
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && errorMessage(error).includes(`'${name}'`);
}
