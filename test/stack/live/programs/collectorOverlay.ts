import { parse, stringify } from 'yaml';
import { DIVIDE_TIMES_BY, INTERVAL_MS } from '../timing.js';

interface Configuration {
  service: {
    pipelines: Record<string, { exporters: string[] }>;
    telemetry: { metrics: { readers: { periodic: { interval: number } }[] } };
  };
}

const FIVE_MINUTES_MS = 300_000;
/** Seconds of what passes while all is well. */
const QUEUE_ITEMS = 4_000;
const LOG_QUEUE_ITEMS = 1_000;
const PULL = 'forward/pull';

/**
 * The last `--config` of the stack: after `config.yaml`, which pushes, and `config.pull.yaml`, which is scraped instead. It makes the
 * collector do both with the same points, and report about itself as often as the stack scrapes.
 *
 * @param limitMib memory that it has to be content with; undefined for what the configuration says.
 */
export function bothWays(configText: string, limitMib: number | undefined): string {
  const { service } = parse(configText, { merge: true }) as Configuration;
  const readers = service.telemetry.metrics.readers.map(({ periodic }) => ({ periodic: { ...periodic, interval: INTERVAL_MS } }));
  const metrics = Object.entries(service.pipelines).filter(([name]) => name.startsWith('metrics'));
  const pushing = metrics.map(([name, pipeline]) => [name, { ...pipeline, exporters: [...pipeline.exporters, PULL] }] as const);
  const pulled = { receivers: [PULL], processors: ['transform/promoted'], exporters: ['prometheus'] };
  // A limit takes precedence over the percentage of the configuration.
  const limiter = limitMib === undefined ? undefined : { limit_mib: limitMib, spike_limit_mib: Math.floor(limitMib / 5) };
  return stringify({
    ...(limiter === undefined ? {} : { processors: { memory_limiter: limiter } }),
    // As short as the time that Prometheus remembers in the divided rules.
    exporters: {
      prometheus: { metric_expiration: `${FIVE_MINUTES_MS / DIVIDE_TIMES_BY}ms` },
      // Soon full, when Tempo and Loki are away.
      'otlp_grpc/tempo': { sending_queue: { queue_size: QUEUE_ITEMS } },
      'otlp_http/loki': { sending_queue: { queue_size: LOG_QUEUE_ITEMS } },
    },
    connectors: { [PULL]: {} },
    service: { pipelines: { ...Object.fromEntries(pushing), 'metrics/pull': pulled }, telemetry: { metrics: { readers } } },
  });
}
