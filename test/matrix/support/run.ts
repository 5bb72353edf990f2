import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { databaseUrl, redisUrl } from '../../setup/services.js';

/** Our built package. MATRIX_DIST names another one than the checkout's, for instance of an unpacked tarball. */
const dist = resolve(process.env['MATRIX_DIST'] ?? 'dist');
/** What `require('handoff-otel')` loads. */
export const oursAsPath = resolve(dist, 'index.cjs');
export const oursAsUrl = pathToFileURL(resolve(dist, 'index.js')).href;
export const registerUrl = pathToFileURL(resolve(dist, 'register.js')).href;
/** What `--require handoff-otel/register` loads. */
export const registerByRequire = resolve(dist, 'register.cjs');
export const command = resolve(dist, 'cli.js');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const DEADLINE_MS = 30_000;

/** Runs a program to its natural end under a Node of our choice, with nothing of our own environment but what it needs. */
export async function run(
  node: string,
  args: readonly string[],
  endpoint: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = spawn(node, [...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      DB: databaseUrl(),
      REDIS: redisUrl(),
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_PROMETHEUS_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk: Buffer) => {
      output[stream] += chunk.toString();
    });
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, ...output };
}
