import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { databaseUrl, redisUrl } from '../../setup/services.js';
import type { Bootstrap } from '../bootstraps/bootstrap.js';
import type { Collected, Collector } from './collector.js';

const PATIENCE_MS = 20_000;
/** Exporters are told to send every few hundred milliseconds; nothing for this long means that nothing more comes. */
const QUIET_MS = 1000;
const QUIET_PATIENCE_MS = 4000;
const POLL_MS = 50;

let runs = 0;

/** What one process showed. */
export interface Seen extends Collected {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of the host's own log. */
  readonly lines: readonly string[];
  readonly reports: Readonly<Record<string, string>>;
  /** From the start to its first report. */
  readonly readyMs: number;
  /** From `until` on, or from its first report, to its end. */
  readonly endMs: number;
}

export interface RunOptions {
  readonly bootstrap: Bootstrap;
  readonly file: string;
  readonly folder: string;
  readonly collector: Pick<Collector, 'collected' | 'requests'>;
  readonly collectorUrl: string;
  readonly prometheusPort: number;
  readonly flags: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether exports are as frequent as can be set, for rows that do not look at the end of a process. */
  readonly frequent: boolean;
  /** Name of the report to wait for; without it the process runs to its end by itself. */
  readonly until?: string;
  /** Done once that has come: by default it is left until its exports are quiet, then killed. */
  readonly then?: (child: ChildProcess) => unknown;
  /** Asked at a report of the program. */
  readonly onReport?: (kind: string) => Promise<void>;
}

const FREQUENT = {
  OTEL_BSP_SCHEDULE_DELAY: '200',
  OTEL_BLRP_SCHEDULE_DELAY: '200',
  OTEL_METRIC_EXPORT_INTERVAL: '500',
  OTEL_METRIC_EXPORT_TIMEOUT: '400',
};

/** Runs a program under a package to its end. */
export async function run(options: RunOptions): Promise<Seen> {
  const { file, folder, flags, args = [], collector, until } = options;
  const hostLog = join(folder, `host${(runs += 1)}.log`);
  const startedMs = performance.now();
  const child = fork(file, [...args], {
    cwd: folder,
    execArgv: [...flags],
    env: environment(options, hostLog),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const reports: Record<string, string> = {};
  let firstMs = Number.NaN;
  let asked = Promise.resolve();
  const reached = new Promise<void>((resolve) => {
    child.on('message', ({ kind, text }: { kind: string; text: string }) => {
      if (Number.isNaN(firstMs)) firstMs = performance.now();
      reports[kind] = text;
      asked = asked.then(() => options.onReport?.(kind));
      if (kind === until) resolve();
    });
    void closed.then(() => {
      resolve();
    });
  });
  if (until !== undefined) {
    await reached;
    if (options.then === undefined) {
      await quiet(collector);
      child.kill('SIGKILL');
    } else {
      firstMs = performance.now();
      await options.then(child);
    }
  }
  const [code, signal] = await closed;
  const endedMs = performance.now();
  await asked;
  const lines = existsSync(hostLog)
    ? readFileSync(hostLog, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
  return { ...collector.collected(), code, signal, ...output, lines, reports, readyMs: firstMs - startedMs, endMs: endedMs - firstMs };
}

function environment({ bootstrap, collectorUrl, prometheusPort, env, frequent }: RunOptions, hostLog: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:OTEL_|SENTRY_|HANDOFF_|SPLUNK_|DASH0_|ELASTIC_|AUTOTEL_|NODE_OPTIONS$|VITEST|npm_)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    DB: databaseUrl(),
    REDIS: redisUrl(),
    HOST_LOG: hostLog,
    OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    // Two runs at a time must not fight for a default port that nobody asked about.
    ...(bootstrap.name === 'ours' ? { OTEL_EXPORTER_PROMETHEUS_PORT: '0' } : {}),
    ...(frequent ? FREQUENT : {}),
    ...bootstrap.env({ collector: collectorUrl, prometheusPort }),
    ...env,
  };
}

async function quiet(collector: Pick<Collector, 'requests'>): Promise<void> {
  const startedMs = performance.now();
  let lastMs = startedMs;
  for (let seen = collector.requests(); performance.now() - lastMs < QUIET_MS && performance.now() - startedMs < QUIET_PATIENCE_MS; ) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const now = collector.requests();
    if (now !== seen) lastMs = performance.now();
    seen = now;
  }
}
