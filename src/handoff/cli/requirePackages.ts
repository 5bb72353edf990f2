import { fileURLToPath } from 'node:url';
import { MissingPeerError } from '../../errors/missingPeerError.js';
import { textOf } from '../../variables/reader.js';
import type { Env } from '../../variables/reader.js';
import { namesDatabase } from '../config/databaseAddress.js';

/** What the commands load in addition to `instrument()`, with the versions they are tested with. */
const INSTALL_SPECS = {
  '@modelcontextprotocol/server': '@modelcontextprotocol/server@2',
  '@modelcontextprotocol/node': '@modelcontextprotocol/node@2',
  '@modelcontextprotocol/client': '@modelcontextprotocol/client@2',
  zod: 'zod@4',
  pino: 'pino@10',
  pg: 'pg@8',
  ioredis: 'ioredis@6',
  'lru-cache': 'lru-cache@11',
  'hdr-histogram-js': 'hdr-histogram-js@3',
  '@electric-sql/pglite': '@electric-sql/pglite@0.5.17',
  '@vscode/tree-sitter-wasm': '@vscode/tree-sitter-wasm@0.3',
  'pg-boss': 'pg-boss@12.38',
  cockatiel: 'cockatiel@4',
  'rotating-file-stream': 'rotating-file-stream@3',
  '@aws-sdk/client-s3': '@aws-sdk/client-s3@3',
} as const;

export type PackageName = keyof typeof INSTALL_SPECS;

/** What `npm install` is to be given. */
export function installSpec(name: PackageName): string {
  return INSTALL_SPECS[name];
}

/** Packages for a command that only needs the database. PGlite is listed only when the embedded database is used. */
function databasePackages(env: Env): readonly PackageName[] {
  return namesDatabase(env) ? ['pg'] : ['pg', '@electric-sql/pglite'];
}

/** Packages for a command that runs jobs, or makes the tables of their queue. */
function queuePackages(env: Env): readonly PackageName[] {
  return runsNoJobs(env) ? [] : ['pg-boss'];
}

export function migratePackages(env: Env): readonly PackageName[] {
  return [...databasePackages(env), ...queuePackages(env)];
}

/** Whether HANDOFF_JOBS_ENABLED says so; a value that says neither is reported with the other settings. */
function runsNoJobs(env: Env): boolean {
  return ['false', '0'].includes(textOf(env, 'HANDOFF_JOBS_ENABLED')?.toLowerCase() ?? '');
}

export function serverPackages(env: Env): readonly PackageName[] {
  const parser: readonly PackageName[] = textOf(env, 'HANDOFF_CODEBASE_ROOTS') === undefined ? [] : ['@vscode/tree-sitter-wasm'];
  const logFile: readonly PackageName[] = textOf(env, 'HANDOFF_LOG_FILE') === undefined ? [] : ['rotating-file-stream'];
  return [
    '@modelcontextprotocol/server',
    '@modelcontextprotocol/node',
    'pino',
    'zod',
    'hdr-histogram-js',
    'cockatiel',
    ...storagePackages(env),
    ...queuePackages(env),
    ...parser,
    ...logFile,
  ];
}

const REDIS_VARIABLES = ['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER'];

/** Packages for a command that uses the services without serving them: their database, archive and cache. */
export function storagePackages(env: Env): readonly PackageName[] {
  const archive: readonly PackageName[] = textOf(env, 'HANDOFF_ARCHIVE_S3_BUCKET') === undefined ? [] : ['@aws-sdk/client-s3'];
  const redis: readonly PackageName[] = REDIS_VARIABLES.some((name) => textOf(env, name) !== undefined) ? ['ioredis'] : [];
  // The cache of the process stands in for a Redis that cannot be reached.
  return [...databasePackages(env), ...archive, 'lru-cache', ...redis];
}

/** The demo ignores its environment, so it always uses the embedded database. */
export function demoPackages(): readonly PackageName[] {
  return ['@modelcontextprotocol/client', ...serverPackages({})];
}

/** How this package finds the others. Tests pass their own. */
export interface PackageSearch {
  readonly isInstalled: (name: string) => boolean;
  /** Whether npx installed this package, in its own folder. */
  readonly byNpx: boolean;
}

/**
 * Throws one `MissingPeerError` that names all optional packages a command lacks, before any of its modules is loaded:
 * a failed import would name only one of them and would not say what to do.
 */
export function requirePackages(command: string, names: readonly PackageName[], search: PackageSearch = machine): void {
  const missing = names.filter((name) => !search.isInstalled(name));
  const [first] = missing;
  if (first === undefined) return;
  const specs = missing.map((name) => INSTALL_SPECS[name]);
  const neededFor = `handoff-otel ${command}`;
  if (!search.byNpx) throw new MissingPeerError(first, `npm install ${specs.join(' ')}`, neededFor);
  // A list of packages for npx would work only in some folders: npx skips what the working folder already has, and we cannot see that.
  const byName = `npx -y handoff-mcp-server ${command === 'serve' ? '[--stdio]' : command}`;
  throw new MissingPeerError(
    first,
    byName,
    neededFor,
    undefined,
    ` With npx, use handoff-mcp-server, which includes everything it needs: ${byName}`,
  );
}

const machine: PackageSearch = {
  isInstalled: (name) => {
    try {
      import.meta.resolve(name);
      return true;
    } catch {
      return false;
    }
  },
  byNpx: /[\\/]_npx[\\/]/.test(fileURLToPath(import.meta.url)),
};
