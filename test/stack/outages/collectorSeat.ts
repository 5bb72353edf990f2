import { ownAddress, type Address } from './address.js';

/** What otel-collector/verify/collector.mjs gives. */
interface Running {
  readonly pid: number;
  stop(signal?: NodeJS.Signals): Promise<{ readonly code: number | null }>;
}
interface StartOptions {
  readonly binary: string;
  readonly configs: readonly string[];
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
}

const folder = new URL('../../../otel-collector/', import.meta.url);
const { startCollector } = (await import(new URL('verify/collector.mjs', folder).href)) as {
  startCollector: (options: StartOptions) => Promise<Running>;
};
const { buildCollector } = (await import(new URL('build.mjs', folder).href)) as { buildCollector: () => Promise<string> };

export interface BackEndAddresses {
  readonly tempo: Address;
  readonly loki: Address;
  readonly prometheus: Address;
  /** Where the collector's own metrics go: past its queue, so that the last report of one that is stopped arrives. */
  readonly own: Address;
}

/** One address at which a collector with one queue runs, or does not. The configuration is that of production, unchanged. */
export class CollectorSeat {
  readonly endpoint: string;
  readonly #address: Address;
  readonly #binary: string;
  readonly #folder: string;
  #running: Running | undefined;
  /** How many collectors have sat here; each counts from zero, under a name of its own. */
  lives = 0;

  private constructor(binary: string, dir: string, address: Address) {
    this.#binary = binary;
    this.#folder = dir;
    this.#address = address;
    this.endpoint = `http://${address}`;
  }

  /** Builds the collector if the cache has none. Nothing runs until `up()`. */
  static async create(dir: string, address?: Address): Promise<CollectorSeat> {
    return new CollectorSeat(await buildCollector(), dir, address ?? (await ownAddress()));
  }

  /** @param env further variables of the configuration */
  async up(backEnds: BackEndAddresses, env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#running = await startCollector({
      binary: this.#binary,
      configs: [new URL('config.yaml', folder).pathname],
      dir: this.#folder,
      env: {
        OTELCOL_HTTP_LISTEN: this.#address,
        OTELCOL_TEMPO_ENDPOINT: backEnds.tempo,
        OTELCOL_LOKI_ENDPOINT: `http://${backEnds.loki}`,
        OTELCOL_PROMETHEUS_ENDPOINT: `http://${backEnds.prometheus}`,
        OTELCOL_SELF_ENDPOINT: `http://${backEnds.own}`,
        OTELCOL_SELF_INTERVAL_MS: '1000',
        OTELCOL_INSTANCE_ID: `life-${this.lives}`,
        ...env,
      },
    });
    this.lives += 1;
  }

  /** Ends it by SIGTERM: it answers what it has begun, and sends the last of its own metrics. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stop(signal);
  }
}
