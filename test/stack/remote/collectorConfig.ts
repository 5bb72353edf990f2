import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Targets, TempoReceiver } from './targets.js';

const PROBE_MS = 3000;
const file = join(import.meta.dirname, '../../../otel-collector/config.yaml');

interface Config {
  exporters: Record<string, unknown>;
  service: { pipelines: Record<string, { exporters: readonly string[] }>; telemetry?: { metrics?: unknown } };
}

/**
 * Our configuration with another exporter where the back ends are not those it is written for: a signal without a back end goes to the
 * log, and Tempo gets its spans by HTTP if it does not take gRPC. The rest is as it is, so that it is what is checked.
 */
export function collectorConfig(targets: Targets, tempo: TempoReceiver | undefined, text = readFileSync(file, 'utf8')): string {
  const config = parse(text, { merge: true, maxAliasCount: 1000 }) as Config;
  const { exporters, service } = config;
  exporters['debug/nowhere'] = { verbosity: 'basic' };
  const replace = (backEnd: string, by: string): void => {
    for (const pipeline of Object.values(service.pipelines)) {
      pipeline.exporters = [...new Set(pipeline.exporters.map((name) => (name.endsWith(`/${backEnd}`) ? by : name)))];
    }
  };
  if (targets.prometheus === undefined) {
    replace('prometheus', 'debug/nowhere');
    service.telemetry = { ...service.telemetry, metrics: { level: 'none', readers: [] } };
  }
  if (targets.loki === undefined) replace('loki', 'debug/nowhere');
  if (targets.tempo === undefined || tempo === undefined) replace('tempo', 'debug/nowhere');
  else if (tempo.protocol === 'http') {
    const byGrpc = Object.entries(exporters).find(([name]) => name.endsWith('/tempo'))?.[1] as Readonly<Record<string, unknown>>;
    const { retry_on_failure: retry, sending_queue: queue, headers } = byGrpc;
    exporters['otlp_http/tempo'] = { endpoint: tempo.endpoint, headers, retry_on_failure: retry, sending_queue: queue };
    replace('tempo', 'otlp_http/tempo');
  }
  // An exporter that no pipeline uses would still ask its name server for its default address.
  const used = new Set(Object.values(service.pipelines).flatMap((pipeline) => pipeline.exporters));
  for (const name of Object.keys(exporters)) if (!used.has(name)) delete exporters[name];
  return stringify(config, { aliasDuplicateObjects: false });
}

/** Where Tempo takes spans: as given, or whichever of its two usual ports listens. @throws Error that says what to set */
export async function tempoReceiver({ tempo, tempoReceiver: given }: Targets): Promise<TempoReceiver | undefined> {
  if (tempo === undefined) return undefined;
  if (given !== undefined) return given;
  const { hostname } = new URL(tempo);
  if (await listens(hostname, 4317)) return { protocol: 'grpc', endpoint: `${hostname}:4317` };
  if (await listens(hostname, 4318)) return { protocol: 'http', endpoint: `http://${hostname}:4318` };
  throw new Error(
    `Nothing listens on port 4317 or 4318 of ${hostname}: set STACK_TEMPO_OTLP to Tempo's OTLP receiver (distributor.receivers.otlp).`,
  );
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port, timeout: PROBE_MS });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** The variables of the configuration for these back ends. */
export function collectorEnv({ prometheus, loki }: Targets, tempo: TempoReceiver | undefined): Readonly<Record<string, string>> {
  return {
    ...(prometheus === undefined ? {} : { OTELCOL_PROMETHEUS_ENDPOINT: `${prometheus}/api/v1/otlp` }),
    ...(loki === undefined ? {} : { OTELCOL_LOKI_ENDPOINT: `${loki}/otlp` }),
    ...(tempo?.protocol === 'grpc' ? { OTELCOL_TEMPO_ENDPOINT: tempo.endpoint } : {}),
  };
}
