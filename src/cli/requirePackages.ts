import { MissingPeerError } from '../errors/missingPeerError.js';

/** What the commands load beyond the package's own dependencies; the versions they are tested with. */
const INSTALL_SPECS = {
  '@modelcontextprotocol/server': '@modelcontextprotocol/server@2',
  '@modelcontextprotocol/node': '@modelcontextprotocol/node@2',
  '@modelcontextprotocol/client': '@modelcontextprotocol/client@2',
  pino: 'pino@10',
  pg: 'pg@8',
  ioredis: 'ioredis@6',
  '@electric-sql/pglite': '@electric-sql/pglite@0.5.14',
} as const;

export type PackageName = keyof typeof INSTALL_SPECS;

type Environment = Readonly<Record<string, string | undefined>>;

/** What a command that only needs the database needs: the embedded one has no package of its own until it is used. */
export function databasePackages(env: Environment): readonly PackageName[] {
  return env['DATABASE_URL'] ? ['pg'] : ['pg', '@electric-sql/pglite'];
}

export function serverPackages(env: Environment): readonly PackageName[] {
  const cache: readonly PackageName[] = env['REDIS_URL'] ? ['ioredis'] : [];
  return ['@modelcontextprotocol/server', '@modelcontextprotocol/node', 'pino', ...databasePackages(env), ...cache];
}

/** The demo takes nothing of its environment over, so it always uses the embedded database. */
export function demoPackages(): readonly PackageName[] {
  return ['@modelcontextprotocol/client', ...serverPackages({})];
}

/**
 * Throws one `MissingPeerError` that names all optional packages a command lacks, before any of its modules is loaded:
 * a failed import would name one of them, and one only, in words that do not say what to do.
 */
export function requirePackages(command: string, names: readonly PackageName[], isInstalled: (name: string) => boolean = resolves): void {
  const missing = names.filter((name) => !isInstalled(name));
  const [first] = missing;
  if (first === undefined) return;
  throw new MissingPeerError(first, `npm install ${missing.map((name) => INSTALL_SPECS[name]).join(' ')}`, `handoff-otel ${command}`);
}

function resolves(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
