import { bucketSeries } from '../../../dashboards/src/names/series.js';
import { mcpMetrics } from '../../../src/telemetry/catalogue/mcp.js';
import { correlationsOf, logsQuery, metricsQueries, readDataSources } from '../queries/datasources.js';
import type { CapturedSpan } from '../queries/captured.js';
import { eventually } from './eventually.js';
import type { PrometheusApi } from './prometheusApi.js';
import { patience, times } from './run.js';
import type { Run } from './run.js';
import type { TempoApi } from './tempoApi.js';

const PART = 'links';

/** Follows the provisioned links as Grafana does: metric to trace, trace to logs, log line to trace, trace to metrics. */
export async function checkLinks(run: Run): Promise<void> {
  const { report, prometheus, tempo, loki } = run;
  const links = correlationsOf(readDataSources());
  if (prometheus !== undefined && tempo !== undefined) {
    await report.check(PART, 'each exemplar of a tool call leads to a trace', () => followExemplars(run, prometheus, tempo));
  }
  if (tempo !== undefined && loki !== undefined) {
    await report.check(PART, 'a trace leads to its log lines, and each of these back', async () => {
      const span = await aServerSpan(run, tempo);
      const query = logsQuery(links.traceToLogs, span.traceId, span.resource);
      const lines = await eventually(patience.loki, async () => {
        const found = (await loki.query(query, times(run).fromMs, times(run).toMs)).lines;
        if (found.length === 0) throw new Error(`answered with nothing: ${query}`);
        return found;
      });
      for (const { matcherRegex } of links.logToTrace) {
        for (const { labels } of lines) {
          const id = labels[matcherRegex];
          if (id !== span.traceId) throw new Error(`a line of ${query} has ${matcherRegex}=${String(id)} instead of ${span.traceId}`);
          await tempo.trace(id);
        }
      }
      return `${lines.length} lines by ${query}`;
    });
  }
  if (tempo !== undefined && prometheus !== undefined) {
    await report.check(PART, 'a trace leads to the metrics of its service', async () => {
      const span = await aServerSpan(run, tempo);
      const queries = metricsQueries(links.traceToMetrics, span.resource, '4m');
      for (const query of queries) {
        if ((await prometheus.query(query)).length === 0) throw new Error(`answered with nothing: ${query}`);
      }
      return queries.join('\n');
    });
  }
}

async function followExemplars(run: Run, prometheus: PrometheusApi, tempo: TempoApi): Promise<string> {
  const { exemplarLabels } = correlationsOf(readDataSources());
  const query = `${bucketSeries(mcpMetrics.serverOperationDuration)}{job="${run.workload.serverName}"}`;
  const exemplars = await eventually(patience.prometheus, async () => {
    const found = await prometheus.exemplars(query, times(run).fromMs, times(run).toMs);
    if (found.length === 0) throw new Error(`${query} has no exemplar: is Prometheus started with --enable-feature=exemplar-storage?`);
    return found;
  });
  for (const { name } of exemplarLabels) {
    const ids = new Set(exemplars.map((labels) => labels[name]));
    for (const id of ids) {
      if (id === undefined) throw new Error(`an exemplar has no label ${name}: ${JSON.stringify(exemplars[0])}`);
      await eventually(patience.tempo, () => tempo.trace(id));
    }
  }
  return `${exemplars.length} exemplars`;
}

/** The server's span of a call that did something, from Tempo. */
async function aServerSpan({ calls }: Run, tempo: TempoApi): Promise<CapturedSpan> {
  const call = calls.find(({ target, outcome }) => target === 'update_context' && outcome === 'success');
  if (call === undefined) throw new Error('the workload added no entry');
  const members = await eventually(patience.tempo, () => tempo.trace(call.traceId));
  const span = members.find(({ kind }) => kind === 2);
  if (span === undefined) throw new Error(`the trace ${call.traceId} has no server span among ${members.length}`);
  return span;
}
