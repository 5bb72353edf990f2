import { errorCode, errorMessage } from '../../errors/classify.js';
import { MissingPeerError } from '../../errors/missingPeerError.js';

interface Peer<Module> {
  readonly load: () => Promise<Module>;
  /** The npm spec to install; the major versions we are tested with (a test compares them with package.json). */
  readonly installSpec: string;
  readonly neededFor: string;
}

// The names are literals, so that bundlers and type checkers can see them; imported on first use, so that users who only call
// `instrument()` load no database; each in its own `try`, which makes bundlers include what is installed and ignore the rest.
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
    // An exact version: the durability of the embedded database depends on parts of PGlite that change in minor releases.
    installSpec: '@electric-sql/pglite@0.5.17',
    neededFor: 'The embedded database (used when DATABASE_URL is not set)',
  },
  '@vscode/tree-sitter-wasm': {
    load: async () => {
      try {
        return await import('@vscode/tree-sitter-wasm');
      } catch (error) {
        return rethrow(error);
      }
    },
    installSpec: '@vscode/tree-sitter-wasm@0.3',
    neededFor: 'The tool analyze_codebase (used when HANDOFF_CODEBASE_ROOTS is set)',
  },
  '@aws-sdk/client-s3': {
    load: async () => {
      try {
        return await import('@aws-sdk/client-s3');
      } catch (error) {
        return rethrow(error);
      }
    },
    installSpec: '@aws-sdk/client-s3@3',
    neededFor: 'An archive in S3 (HANDOFF_ARCHIVE_S3_BUCKET)',
  },
  cockatiel: {
    load: async () => {
      try {
        return await import('cockatiel');
      } catch (error) {
        return rethrow(error);
      }
    },
    installSpec: 'cockatiel@4',
    neededFor: 'Protecting the database, the cache and the archive',
  },
  'hdr-histogram-js': {
    load: async () => {
      try {
        return await import('hdr-histogram-js');
      } catch (error) {
        return rethrow(error);
      }
    },
    installSpec: 'hdr-histogram-js@3',
    neededFor: 'Keeping measurements in the database',
  },
  'pg-boss': {
    load: async () => {
      try {
        return await import('pg-boss');
      } catch (error) {
        return rethrow(error);
      }
    },
    // The tables of pg-boss belong to one version of it, and older ones do not know what newer ones made.
    installSpec: 'pg-boss@12.38',
    neededFor: 'Running jobs',
  },
} satisfies Record<string, Peer<object>>;

export type PeerName = keyof typeof peers;
type PeerModule<Name extends PeerName> = Awaited<ReturnType<(typeof peers)[Name]['load']>>;

/** The optional packages, and the npm spec named when one is missing. */
export const peerInstallSpecs: Readonly<Record<PeerName, string>> = {
  pg: peers.pg.installSpec,
  ioredis: peers.ioredis.installSpec,
  'lru-cache': peers['lru-cache'].installSpec,
  '@electric-sql/pglite': peers['@electric-sql/pglite'].installSpec,
  '@vscode/tree-sitter-wasm': peers['@vscode/tree-sitter-wasm'].installSpec,
  'hdr-histogram-js': peers['hdr-histogram-js'].installSpec,
  cockatiel: peers.cockatiel.installSpec,
  'pg-boss': peers['pg-boss'].installSpec,
  '@aws-sdk/client-s3': peers['@aws-sdk/client-s3'].installSpec,
};

/** Imports an optional package. Rejects with `MissingPeerError`, which names the install command; rethrows any other failure unchanged. */
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

/** Only the package itself counts: a package that exists but lacks one of its own dependencies is a broken installation. */
function isMissing(error: unknown, name: string): boolean {
  const code = errorCode(error);
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && errorMessage(error).includes(`'${name}'`);
}
