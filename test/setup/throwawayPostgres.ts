import { randomBytes, randomUUID } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Launch } from './keeperProtocol.js';
import { KeptProcess } from './keptProcess.js';
import { postgresBinaries } from './postgresBinaries.js';
import { copyForStandby, standbySettings, type StandbySource } from './postgresStandby.js';
import { TestServiceError } from './testServiceError.js';
import { logTail, ThrowawayServer } from './throwawayServer.js';
import { serverIdentity, temporaryRoot, type Identity } from './unprivileged.js';

export interface ThrowawayPostgresOptions {
  /**
   * `crash-of-server` (default): committed data survives kill -9 of the server, not a power cut; quicker.
   * `postgres-default`: PostgreSQL's own settings (fsync and full_page_writes on), for benchmarks.
   */
  readonly durability?: 'crash-of-server' | 'postgres-default';
  /** Further server settings, as in postgresql.conf; they win over ours, e.g. `{ max_connections: '400' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where its folder is made, such as on a small file system. Default: the folder for temporary files. */
  readonly root?: string;
  /** Makes it a standby of the server at this URL, which has to be one of ours. Default: a server of its own. */
  readonly standbyOf?: StandbySource;
}

/** `synchronous_commit` stays on: without it a killed server forgets commits it has confirmed. */
const SURVIVES_SERVER_CRASH = { fsync: 'off', full_page_writes: 'off' };

/** Starts a PostgreSQL server of our own. @throws TestServiceError when this machine cannot. */
export async function startThrowawayPostgres(options: ThrowawayPostgresOptions = {}): Promise<ThrowawayServer> {
  const identity = serverIdentity();
  const bin = await postgresBinaries();
  const work = mkdtempSync(join(options.root ?? temporaryRoot(), 'handoff-otel-postgres-'));
  const kept = new KeptProcess(work, 'SIGQUIT'); // immediate shutdown: the data is thrown away
  const { standbyOf } = options;
  const password = standbyOf === undefined ? randomBytes(18).toString('base64url') : decodeURIComponent(new URL(standbyOf.url).password);
  const clusterName = `handoff-otel-test-${randomUUID()}`;
  const launch = (program: string, args: readonly string[]): Launch => ({
    command: join(bin, program),
    args,
    env: withoutPostgresVariables(process.env),
    cwd: join(work, 'home'),
    logFile: join(work, 'server.log'),
    ...identity,
  });
  try {
    prepareFolders(work, identity);
    if (standbyOf === undefined) await initialise(kept, launch, work, password, identity);
    else await copyForStandby(standbyOf, join(work, 'data'));
  } catch (error) {
    await kept.close();
    throw error;
  }
  const settings = {
    ...(options.durability === 'postgres-default' ? {} : SURVIVES_SERVER_CRASH),
    ...(standbyOf === undefined ? {} : standbySettings(standbyOf)),
    ...options.settings,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    cluster_name: clusterName,
  };
  return ThrowawayServer.create({
    name: 'PostgreSQL',
    kept,
    stopSignal: 'SIGINT', // "fast" shutdown: sessions are cut, nothing is lost
    tidiesAtStart: true, // shared memory segments
    launch: (port) =>
      launch('postgres', [
        '-D',
        join(work, 'data'),
        '-p',
        String(port),
        ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      ]),
    url: (port) => `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    probe: (url) => probe(url, clusterName),
  });
}

function prepareFolders(work: string, { uid, gid }: Identity): void {
  for (const name of ['data', 'home']) mkdirSync(join(work, name), { mode: 0o700 });
  if (uid === undefined || gid === undefined) return;
  for (const folder of [work, join(work, 'data'), join(work, 'home')]) chownSync(folder, uid, gid);
}

async function initialise(
  kept: KeptProcess,
  launch: (program: string, args: readonly string[]) => Launch,
  work: string,
  password: string,
  { uid, gid }: Identity,
): Promise<void> {
  const passwordFile = join(work, 'home', 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (uid !== undefined && gid !== undefined) chownSync(passwordFile, uid, gid);
  const initdb = launch('initdb', [
    '--pgdata',
    join(work, 'data'),
    '--username',
    'postgres',
    '--pwfile',
    passwordFile,
    '--auth',
    'scram-sha-256',
    '--encoding',
    'UTF8',
    '--locale',
    'C', // the one locale every machine has
    '--no-sync',
  ]);
  const exit = await kept.complete(initdb);
  rmSync(passwordFile);
  if (exit.code === 0) return;
  throw new TestServiceError(
    `PostgreSQL could not be set up with ${initdb.command} (${exit.message ?? logTail(initdb.logFile)}): repair that installation or set TEST_DATABASE_URL to a server.`,
  );
}

/** A PGDATA or PGPORT of the machine must not reach a server of ours. */
function withoutPostgresVariables(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PG')));
}

async function probe(url: string, clusterName: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined); // a server that goes away while we ask is a failed probe, reported below
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>("select current_setting('cluster_name') as name");
    if (rows[0]?.name !== clusterName) throw new Error('another PostgreSQL answers on this port');
  } finally {
    await client.end().catch(() => undefined);
  }
}
