import { join } from 'node:path';
import { freeAddress, startCollector } from './collector.mjs';

/**
 * Addresses on which nothing listens until `start()`; then a second collector writes to files under `dir` what arrives there.
 * @param {{ binary: string, dir: string }} place
 */
export async function standIn({ binary, dir }) {
  const [grpc, http] = [await freeAddress(), await freeAddress()];
  return {
    dir,
    /** For the collector that sends there. */
    env: { OTELCOL_TEMPO_ENDPOINT: grpc, OTELCOL_PROMETHEUS_ENDPOINT: `http://${http}`, OTELCOL_LOKI_ENDPOINT: `http://${http}` },
    start: () =>
      startCollector({
        binary,
        configs: [join(import.meta.dirname, 'backEnds.yaml')],
        dir,
        env: { OTELCOL_GRPC_LISTEN: grpc, OTELCOL_HTTP_LISTEN: http },
      }),
  };
}
