import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../setup/freePort.js';
import { cpuTimeMs } from '../processCpu.js';
import type { SinkPorts } from './sinkProcess.js';

interface Running {
  readonly pid: number;
  readonly httpEndpoint: string;
  readonly grpcEndpoint: string;
  stop(signal?: NodeJS.Signals): Promise<unknown>;
}

const folder = new URL('../../../otel-collector/', import.meta.url);
const { startCollector } = (await import(new URL('verify/collector.mjs', folder).href)) as {
  startCollector: (options: { binary: string; configs: readonly string[]; dir: string; env: Record<string, string> }) => Promise<Running>;
};
const { configsOf } = (await import(new URL('verify/topologies.mjs', folder).href)) as { configsOf: (name: string) => readonly string[] };
const { buildCollector } = (await import(new URL('build.mjs', folder).href)) as { buildCollector: () => Promise<string> };

/** Collectors that were started together. */
export interface Topology extends AsyncDisposable {
  /** Where telemetry goes in. */
  readonly endpoint: string;
  readonly pids: readonly number[];
  /** CPU time of all of them so far. */
  cpuMs(): number;
  /** Memory of all of them now, bytes. */
  residentBytes(): number;
  /** Size of the files of all queues, bytes. */
  queueBytes(): number;
}

/** How collectors are set up. `nodes`: those behind a gateway, which sample whole traces. */
export const setUps = {
  'one tier': { first: 'single', nodes: 0 },
  'one tier, sampling': { first: 'single, sampling', nodes: 0 },
  'two tiers': { first: 'gateway', nodes: 1 },
} as const;
export type SetUp = keyof typeof setUps;

/** Starts collectors that send to the ports given, with empty queues in `dir`. A port at which nobody listens lets the queue fill. */
export async function startTopology(
  setUp: SetUp,
  dir: string,
  ports: SinkPorts,
  further: Readonly<Record<string, string>> = {},
): Promise<Topology> {
  const { first, nodes } = setUps[setUp];
  const binary = await buildCollector();
  const running: Running[] = [];
  const http = `http://127.0.0.1:${ports.http}`;
  const backEnds = { OTELCOL_TEMPO_ENDPOINT: `127.0.0.1:${ports.grpc}`, OTELCOL_PROMETHEUS_ENDPOINT: http, OTELCOL_LOKI_ENDPOINT: http };
  const start = async (name: string, place: string, env: Record<string, string> = {}): Promise<Running> => {
    const collector = await startCollector({
      binary,
      configs: configsOf(name),
      dir: join(dir, place),
      env: { ...backEnds, ...further, ...env },
    });
    running.push(collector);
    return collector;
  };
  const hosts: string[] = [];
  for (let node = 0; node < nodes; node += 1) {
    // The first tier is told by number where the second is.
    const port = await freePort();
    await start('node', `node-${node}`, { OTELCOL_GRPC_LISTEN: `127.0.0.1:${port}` });
    hosts.push(`"127.0.0.1:${port}"`);
  }
  const resolver = hosts.length > 0 ? { OTELCOL_SAMPLING_RESOLVER: `{static: {hostnames: [${hosts.join(', ')}]}}` } : {};
  const { httpEndpoint } = await start(first, 'first', resolver);
  const pids = running.map(({ pid }) => pid);
  return {
    endpoint: httpEndpoint,
    pids,
    cpuMs: () => pids.reduce((sum, pid) => sum + (cpuTimeMs(pid) ?? 0), 0),
    residentBytes: () => pids.reduce((sum, pid) => sum + residentBytes(pid), 0),
    queueBytes: () => bytesBelow(dir),
    [Symbol.asyncDispose]: async () => {
      for (const collector of running.toReversed()) await collector.stop('SIGKILL');
    },
  };
}

function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes ?? 0) * 1024;
}

function bytesBelow(dir: string): number {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
