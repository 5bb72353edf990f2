import { join } from 'node:path';

/** A running collector, as `otel-collector/verify` starts it. */
export interface Collector {
  /** Base URL for OTLP/HTTP. */
  readonly httpEndpoint: string;
  stop(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface CollectorOptions {
  /** Files in `otel-collector`, or absolute paths; later ones win. */
  readonly configs: readonly string[];
  /** For its queue and, with config.file.yaml, its files. */
  readonly dir: string;
  /** Variables of the configuration. */
  readonly env?: Readonly<Record<string, string>>;
  readonly progress: (line: string) => void;
}

interface Modules {
  readonly buildCollector: (options: { progress: (line: string) => void }) => Promise<string>;
  readonly startCollector: (options: Omit<CollectorOptions, 'progress'> & { binary: string }) => Promise<Collector>;
}

const folder = new URL('../../../otel-collector/', import.meta.url);

/** Builds the collector if there is none yet, and starts it on free ports. Rejects with its last lines when it does not start. */
export async function startBuiltCollector({ configs, progress, ...options }: CollectorOptions): Promise<Collector> {
  const { buildCollector } = (await import(new URL('build.mjs', folder).href)) as Pick<Modules, 'buildCollector'>;
  const { startCollector } = (await import(new URL('verify/collector.mjs', folder).href)) as Pick<Modules, 'startCollector'>;
  const paths = configs.map((path) => (path.startsWith('/') ? path : join(folder.pathname, path)));
  return startCollector({ ...options, configs: paths, binary: await buildCollector({ progress }) });
}
