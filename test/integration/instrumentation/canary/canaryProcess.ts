import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseUrl, redisUrl } from '../../../setup/services.js';
import type { Report } from './host/host.js';
import { secretsBeforeStart } from './host/processPlaces.js';
import type { Exhibit } from './search.js';
import { secretOf } from './secret.js';
import { startWireTap } from './wireTap.js';
import type { TappedRequest } from './wireTap.js';

const RESOLVE_SOURCE = new URL('../../../../tools/resolveSource.mjs', import.meta.url).href;
/** Far longer than a run takes on a busy machine; a hang must still end as a failure, with what was written so far. */
const PATIENCE_MS = 90_000;

export interface CanaryRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly canaries: readonly Extract<Report, { readonly kind: 'canary' }>[];
  readonly requests: readonly TappedRequest[];
  /** All that left the process and is meant for somebody's eyes. */
  readonly exhibits: readonly Exhibit[];
}

export interface CanaryOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** Text of a file that OTEL_CONFIG_FILE names, by the URL of the collector. */
  readonly configFile?: (collector: string) => string;
}

/** Runs a program of `programs/` to its end, secrets around it, and keeps every byte of what comes out. */
export async function runCanary(program: string, { env = {}, flags = [], configFile }: CanaryOptions = {}): Promise<CanaryRun> {
  await using tap = await startWireTap();
  const before = secretsBeforeStart();
  const base = await mkdtemp(join(tmpdir(), 'handoff-'));
  const folder = join(base, before.folder);
  await mkdir(folder);
  const configPath = join(base, 'otel.yaml');
  if (configFile !== undefined) await writeFile(configPath, configFile(`http://127.0.0.1:${tap.port}`));
  const inherited = Object.entries(process.env).filter(([key]) => !/^(?:OTEL_|HANDOFF_|TEST_|VITEST|NODE_OPTIONS$)/.test(key));
  const child = fork(new URL(`programs/${program}`, import.meta.url), before.args, {
    cwd: folder,
    execArgv: ['--no-warnings', '--import', RESOLVE_SOURCE, ...flags],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
    env: {
      ...Object.fromEntries(inherited),
      ...before.env,
      CANARY_DATABASE: databaseUrl(),
      CANARY_REDIS: redisUrl(),
      CANARY_LOG: join(base, 'host.log'),
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://user:${secretOf(COLLECTOR_PASSWORD)}@127.0.0.1:${tap.port}`,
      OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${secretOf(COLLECTOR_KEY)}`,
      OTEL_LOG_LEVEL: 'all',
      ...(configFile === undefined ? {} : { OTEL_CONFIG_FILE: configPath }),
      ...env,
    },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const reports: Report[] = [];
  child.on('message', (message) => reports.push(message as Report));
  const [code] = (await once(child, 'close')) as [number | null];
  await rm(base, { recursive: true, force: true });
  const told = reports.flatMap((report) => (report.kind === 'exhibit' ? [{ where: report.where, bytes: Buffer.from(report.text) }] : []));
  const sent = tap.requests.map(({ path, body }) => ({ where: path, bytes: body }));
  return {
    code,
    ...output,
    canaries: reports.flatMap((report) => (report.kind === 'canary' ? [report] : [])),
    requests: [...tap.requests],
    exhibits: [
      ...sent,
      ...told,
      { where: 'stderr', bytes: Buffer.from(output.stderr) },
      { where: 'stdout', bytes: Buffer.from(output.stdout) },
    ],
  };
}

/** Meant for the collector alone: in the headers of what it is sent, and nowhere else. */
export const COLLECTOR_PASSWORD = 'password in the URL of the collector';
export const COLLECTOR_KEY = 'key in the headers for the collector';
