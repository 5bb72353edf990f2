import { execFile } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { downloadRedis } from './aptRedis.js';
import { cached } from './cacheFolder.js';
import { distribution } from './distribution.js';
import { TestServiceError } from './testServiceError.js';
import { foldersOnPathWith, holdsPrograms } from './unprivileged.js';

const run = promisify(execFile);
/** Long, since a binary that only seems not to start, on a busy machine, would be removed from under another run. */
const VERSION_TIMEOUT_MS = 60_000;

export interface RedisBinary {
  readonly command: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The machine's own `redis-server`, else the distribution's package, unpacked into a cache folder without installing it. */
export async function redisBinary(): Promise<RedisBinary> {
  const folder = installedFolder();
  return folder ? { command: join(folder, 'redis-server'), env: process.env } : unpackedBinary();
}

function installedFolder(): string | undefined {
  if (process.env['HANDOFF_TEST_IGNORE_SYSTEM'] === '1') return undefined;
  const usualPlaces = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
  return foldersOnPathWith(['redis-server'])[0] ?? usualPlaces.find((folder) => holdsPrograms(folder, ['redis-server']));
}

async function unpackedBinary(): Promise<RedisBinary> {
  const name = `redis-${distribution()}-${process.arch}`;
  const fill = (into: string): Promise<void> => downloadRedis(into, async () => (await failure(binaryIn(into))) === undefined);
  const folder = await cached(name, { worldReadable: false }, fill);
  if ((await failure(binaryIn(folder))) === undefined) return binaryIn(folder);
  rmSync(folder, { recursive: true, force: true }); // unpacked before an upgrade of the system's libraries
  const fresh = binaryIn(await cached(name, { worldReadable: false }, fill));
  const reason = await failure(fresh);
  if (reason === undefined) return fresh;
  throw new TestServiceError(
    `The redis-server package of this distribution does not run unpacked (${reason}): install redis-server or set TEST_REDIS_URL to a server.`,
  );
}

/** Debian's redis-server is a link to redis-check-rdb, one program under three names. */
function binaryIn(folder: string): RedisBinary {
  const libraries = ['usr/lib', 'lib'].map((name) => join(folder, name)).filter((path) => existsSync(path));
  const nested = libraries.flatMap((path) =>
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(path, entry.name)),
  );
  const libraryPath = [...nested, ...libraries, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  return { command: join(folder, 'usr/bin/redis-server'), env: { ...process.env, LD_LIBRARY_PATH: libraryPath } };
}

/** Why the binary does not start; undefined when it does. */
async function failure({ command, env }: RedisBinary): Promise<string | undefined> {
  try {
    await run(command, ['--version'], { env, timeout: VERSION_TIMEOUT_MS });
    return undefined;
  } catch (error) {
    return String((error as { stderr?: string }).stderr || error)
      .trim()
      .split('\n')[0];
  }
}
