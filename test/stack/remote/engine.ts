import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTargets } from './targets.js';
import type { Targets } from './targets.js';

const root = join(import.meta.dirname, '../../..');
/** Images are fetched and one is built at the first start. */
const START_TIMEOUT_S = 600;
/** A name of its own, so that nobody's running stack or its volumes are touched. */
const PROJECT = 'handoff-stack-check';

/** The ports that docker-compose.yml publishes. */
const published = {
  STACK_PROMETHEUS_URL: 'http://127.0.0.1:9090',
  STACK_TEMPO_URL: 'http://127.0.0.1:3200',
  STACK_LOKI_URL: 'http://127.0.0.1:3100',
  STACK_GRAFANA_URL: 'http://127.0.0.1:3001',
  STACK_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
} as const;

/** Whether there is a Docker engine that answers, with Compose. */
export function hasEngine(): boolean {
  return ['info', 'compose version'].every(
    (args) => spawnSync('docker', args.split(' '), { stdio: 'ignore', timeout: 30_000 }).status === 0,
  );
}

export interface Engine {
  readonly targets: Targets;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts docker-compose.yml and waits until its services are healthy; disposing of it removes it with its volumes. */
export async function engineTargets(progress: (line: string) => void): Promise<Engine> {
  progress('starting docker-compose.yml');
  // Makes the secrets that are missing; Compose starts nothing without them.
  spawnSync('sh', ['deploy/compose/secrets.sh'], { cwd: root, stdio: 'inherit' });
  const down = async (): Promise<void> => void (await compose(['down', '--volumes', '--remove-orphans', '--timeout', '60']));
  const status = await compose(['up', '--build', '--detach', '--wait', '--wait-timeout', String(START_TIMEOUT_S)]);
  if (status !== 0) {
    await compose(['ps', '--all']);
    await compose(['logs', '--tail', '30']);
    await down();
    throw new Error(`docker compose up ended with ${String(status)}: see its output above. Its ports must be free on this machine.`);
  }
  const STACK_GRAFANA_PASSWORD = readFileSync(join(root, 'deploy/compose/secrets/grafana_admin_password'), 'utf8');
  return { targets: readTargets({ ...published, STACK_GRAFANA_PASSWORD, ...process.env }), [Symbol.asyncDispose]: down };
}

async function compose(args: readonly string[]): Promise<number | null> {
  const child = spawn('docker', ['compose', '--project-name', PROJECT, '--profile', 'full', ...args], { cwd: root, stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}
