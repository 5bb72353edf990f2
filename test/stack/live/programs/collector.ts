import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INTERVAL_MS } from '../timing.js';
import { bothWays } from './collectorOverlay.js';
import { answers, LiveProgram } from './liveProgram.js';

type CollectorPort = 'grpc' | 'http' | 'health' | 'zpages' | 'self' | 'pull';

/** How little memory the collector is to be content with, in MiB; undefined for what its configuration says. */
export interface CollectorMemory {
  limitMib: number | undefined;
}

export interface CollectorOptions {
  readonly logFolder: string;
  /** Looked at whenever it starts. */
  readonly memory: CollectorMemory;
  /** Where its exporters send, and what else the configuration reads from the environment. */
  readonly env: Readonly<Record<string, string>>;
}

const folderOfConfigs = join(import.meta.dirname, '../../../../otel-collector');
const configs = [join(folderOfConfigs, 'config.yaml'), join(folderOfConfigs, 'config.pull.yaml')] as const;

/** The collector built from `otel-collector/builder.yaml`; takes minutes if it was never built on this machine. */
function collectorBinary(): string {
  return execFileSync(process.execPath, [join(folderOfConfigs, 'build.mjs')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}

export function startCollector({ logFolder, memory, env }: CollectorOptions): Promise<LiveProgram<CollectorPort>> {
  const binary = collectorBinary();
  return LiveProgram.start<CollectorPort>({
    name: 'collector',
    logFolder,
    ports: ['grpc', 'http', 'health', 'zpages', 'self', 'pull'],
    launch: (ports, folder) => {
      const overlay = join(folder, 'both.yaml');
      writeFileSync(overlay, bothWays(readFileSync(configs[0], 'utf8'), memory.limitMib));
      return {
        command: binary,
        args: [...configs, overlay].flatMap((config) => ['--config', config]),
        env: {
          OTELCOL_GRPC_LISTEN: `127.0.0.1:${ports.grpc}`,
          OTELCOL_HTTP_LISTEN: `127.0.0.1:${ports.http}`,
          OTELCOL_HEALTH_LISTEN: `127.0.0.1:${ports.health}`,
          OTELCOL_ZPAGES_LISTEN: `127.0.0.1:${ports.zpages}`,
          OTELCOL_SELF_LISTEN: `127.0.0.1:${ports.self}`,
          OTELCOL_METRICS_LISTEN: `127.0.0.1:${ports.pull}`,
          OTELCOL_QUEUE_DIR: join(folder, 'queue'),
          OTELCOL_DERIVED_INTERVAL: `${INTERVAL_MS}ms`,
          OTELCOL_INSTANCE_ID: 'live',
          ...env,
        },
      };
    },
    probe: ({ health }) => answers(`http://127.0.0.1:${health}/`),
  });
}
