import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import type { ProcessEnd } from '../../setup/serverProcess.js';

/** Where our built package is. Default: `dist` of the checkout; THIRD_PARTY_DIST names another one, e.g. of an unpacked tarball. */
const dist = resolve(process.env['THIRD_PARTY_DIST'] ?? 'dist');
const END_DEADLINE_MS = 5_000;

export const fileInDist = (name: string): string => pathToFileURL(resolve(dist, name)).href;

/** How a program is started; the same for a bare and an instrumented run. */
export interface Start {
  /** Arguments of `node`: the file and what it gets. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Telemetry of a run: an OTLP endpoint, and whether the program serves MCP on its stdin. */
export interface TelemetryTarget {
  readonly endpoint: string;
  readonly stdio: boolean;
  /** Default `register`: `--import` of our file. `explicit`: the program calls `instrument()` itself. */
  readonly way?: 'register' | 'explicit';
  /**
   * Waited for before a program is ended: until the telemetry of `count` requests arrived. Many a server calls `process.exit()` as
   * soon as its stdin ends, and what was not sent by then is lost, whoever exports it.
   */
  readonly arrived?: (count: number) => Promise<void>;
}

export interface Program {
  readonly child: ChildProcess;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** Ends stdin, or sends SIGTERM for `signal`, and waits; a program that stays is killed, which `end.signal` then says. */
  end(by: 'stdin' | 'signal'): Promise<ProcessEnd>;
}

/** Starts `node` on a foreign program, with our telemetry loaded before it when `telemetry` is given, else bare. */
export function startProgram({ args, env = {}, cwd }: Start, telemetry?: TelemetryTarget): Program {
  const before = telemetry === undefined || telemetry.way === 'explicit' ? [] : ['--import', fileInDist('register.js')];
  const child = spawn(process.execPath, [...before, ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      ...env,
      ...(telemetry === undefined ? {} : telemetryEnv(telemetry)),
    },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').then(
    ([code, signal]: unknown[]): ProcessEnd => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }),
  );
  const stdout: string[] = [];
  const stderr: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => stdout.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line));
  child.stdin.on('error', () => undefined);
  return {
    child,
    stdout,
    stderr,
    end: async (by) => {
      if (by === 'stdin') child.stdin.end();
      else child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), END_DEADLINE_MS);
      const end = await ended;
      clearTimeout(timer);
      return end;
    },
  };
}

/** A program that ends by itself. */
export async function runOnce(
  start: Start,
  telemetry?: TelemetryTarget,
): Promise<{ readonly code: number | null; readonly stdout: readonly string[] }> {
  const { child, stdout } = startProgram(start, telemetry);
  child.stdin?.end();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout };
}

/** Exports every fraction of a second, so that nothing depends on how a program ends. */
export function telemetryEnv({ endpoint, stdio }: TelemetryTarget): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_METRIC_EXPORT_INTERVAL: '300',
    OTEL_METRIC_EXPORT_TIMEOUT: '300',
    ...(stdio ? { HANDOFF_STDIO: 'true' } : {}),
  };
}
