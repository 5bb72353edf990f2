import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cli, serverEnv } from './handoffServer.js';
import type { ServerOptions } from './handoffServer.js';
import { answers, LiveProgram } from './liveProgram.js';

/** A handoff server that has little of everything, and into whose process faults can be put. */
export interface FrailHandoff {
  readonly server: LiveProgram<'mcp' | 'admin' | 'inside'>;
  /** Looked at whenever it starts: from one look at a healthy part to the next. Undefined for what the others have. */
  readonly health: { intervalMs: number | undefined };
  /** Its configuration file, which it reads again on SIGHUP. */
  readonly configFile: string;
  /** Its archive, as this process reaches it: on a small file system of the server alone, where the machine allows such a thing. */
  archiveFolder(): string;
}

const root = join(import.meta.dirname, '../../../..');
const inside = ['tools/resolveSource.mjs', 'test/stack/live/load/insideHandoff.ts'].map(
  (file) => `--import=${String(pathToFileURL(join(root, file)))}`,
);
/** What a fault leaves free of it is more than the server needs for itself. */
const HEAP_MIB = 384;
const DISK_MIB = 16;
/** A namespace of its own, in which whoever we are may mount. The process that was asked for takes the place of the others. */
const NAMESPACE = ['--user', '--map-root-user', '--mount'];
const MOUNT = `mount -t tmpfs -o size=${DISK_MIB}m none "$0" && exec "$@"`;

function canMount(folder: string): boolean {
  try {
    execFileSync('unshare', [...NAMESPACE, 'sh', '-c', MOUNT, folder, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export async function startFrailHandoff(options: ServerOptions, cleanUp: AsyncDisposableStack): Promise<FrailHandoff> {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-stack-frail-'));
  cleanUp.defer(() => rmSync(folder, { recursive: true, force: true }));
  const configFile = join(mkdtempSync(join(tmpdir(), 'handoff-stack-config-')), 'config.json');
  cleanUp.defer(() => rmSync(dirname(configFile), { recursive: true, force: true }));
  writeFileSync(configFile, '{}');
  const health: FrailHandoff['health'] = { intervalMs: undefined };
  const serve = [process.execPath, cli, 'serve'] as const;
  const [command, ...args] = canMount(folder) ? (['unshare', ...NAMESPACE, 'sh', '-c', MOUNT, folder, ...serve] as const) : serve;
  const server = await LiveProgram.start<'mcp' | 'admin' | 'inside'>({
    name: options.name,
    logFolder: options.logFolder,
    ports: ['mcp', 'admin', 'inside'],
    launch: (ports) => ({
      command,
      args,
      env: {
        ...serverEnv(options, ports),
        NODE_OPTIONS: [...inside, `--max-old-space-size=${HEAP_MIB}`].join(' '),
        INSIDE_PORT: String(ports.inside),
        HANDOFF_ARCHIVE_DIR: folder,
        HANDOFF_JOBS_ENABLED: 'false',
        HANDOFF_MAX_CONCURRENT_CALLS: '36',
        HANDOFF_MAX_WAITING_CALLS: '2',
        HANDOFF_METRICS_COLLECTION_INTERVAL_MS: '20000',
        HANDOFF_CONFIG_FILE: configFile,
        // Exceeded while the main thread is late, and not by what a busy machine takes. Told to an address where nobody listens.
        HANDOFF_ALERT_EVENT_LOOP_PERCENT: '80',
        HANDOFF_ALERT_HOLD_MS: '0',
        HANDOFF_ALERT_WEBHOOK_URL: 'http://127.0.0.1:9',
        ...(health.intervalMs === undefined ? {} : { HANDOFF_HEALTH_CHECK_INTERVAL_MS: String(health.intervalMs) }),
      },
    }),
    probe: ({ admin }) => answers(`http://127.0.0.1:${admin}/livez`),
  });
  cleanUp.use(server);
  return { server, health, configFile, archiveFolder: () => join(`/proc/${server.pid}/root`, folder) };
}
