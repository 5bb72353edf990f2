import { bucketSeries } from '../../../../dashboards/src/names/series.js';
import type { OtlpReceiver } from '../../../../src/testing.js';
import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import type { Exemplar, PrometheusApi } from '../queries/prometheusApi.js';
import { arrived } from './arrived.js';

/** Longer than the load ran. */
const LOOK_BACK_S = 600;

/** Every trace that Prometheus points at has to be among those that the collector exported to Tempo. */
export async function checkExemplars(apis: readonly PrometheusApi[], exported: OtlpReceiver): Promise<string[]> {
  return Promise.all(
    apis.map(async (api) => {
      const found = await api.exemplars(bucketSeries(mcpMetrics.serverOperationDuration), LOOK_BACK_S);
      if (found.length === 0) throw new Error(`The Prometheus ${api.name} has no exemplars: no panel leads to a trace.`);
      // A span may arrive after the exemplar that points at it.
      await arrived(async () => findEach(api.name, found, exported));
      return `${api.name}: ${found.length} exemplars, each of an exported span`;
    }),
  );
}

function findEach(name: string, found: readonly Exemplar[], exported: OtlpReceiver): void {
  const spans = new Set(exported.spans().map(({ traceId, spanId }) => `${traceId} ${spanId}`));
  const strays = found.filter(({ labels }) => !spans.has(`${labels['trace_id'] ?? ''} ${labels['span_id'] ?? ''}`));
  if (strays.length === 0) return;
  throw new Error(
    `${strays.length} of ${found.length} exemplars of the Prometheus ${name} are of no exported span, such as ${JSON.stringify(strays[0])}.`,
  );
}
