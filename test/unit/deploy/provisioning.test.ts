import { describe, expect, it } from 'vitest';
import { lokiIndexLabels } from '../../../src/telemetry/catalogue/backEnds.js';
import { mcpMetrics } from '../../../src/telemetry/catalogue/mcp.js';
import { promName } from '../../../src/telemetry/promName.js';
import { boards } from '../../../dashboards/src/boardList.js';
import { compose, mountsOf, yaml, type Yaml } from './composeFile.js';

const { datasources } = yaml('dashboards/provisioning/datasources/datasources.yaml');
const sourceOf = (uid: string): Yaml => datasources.find((source: Yaml) => source.uid === uid);
const { jsonData: prometheus } = sourceOf('prometheus');
const { jsonData: tempo } = sourceOf('tempo');
const { jsonData: loki } = sourceOf('loki');

describe('data sources', () => {
  it('have fixed uids, and addresses at which a service listens', () => {
    expect(datasources.map(({ uid, url }: Yaml) => [uid, url])).toEqual([
      ['prometheus', 'http://prometheus:9090'],
      ['tempo', 'http://tempo:3200'],
      ['loki', 'http://loki:3100'],
      ['alertmanager', 'http://alertmanager:9093'],
    ]);
    for (const { url } of datasources) expect(compose.services).toHaveProperty(new URL(url).hostname);
  });

  it('name only sources that exist in their correlations', () => {
    const named = [...JSON.stringify(datasources).matchAll(/"datasourceUid":"(\w+)"/g)].map(([, uid]) => uid);
    expect(named.length).toBeGreaterThan(4);
    const known = datasources.map(({ uid }: Yaml) => uid);
    expect(named.filter((uid) => !known.includes(uid))).toEqual([]);
  });

  it('lead from an exemplar to its trace, and to the logs of the trace, which are there even if it was not sampled', () => {
    const [trace, logs] = prometheus.exemplarTraceIdDestinations;
    expect(trace).toMatchObject({ name: 'trace_id', datasourceUid: 'tempo' });
    const panes = JSON.parse(new URL(logs.url, 'http://grafana').searchParams.get('panes') ?? '');
    expect(panes.logs).toMatchObject({ datasource: 'loki', queries: [{ expr: '{service_name=~".+"} | trace_id="$${__value.raw}"' }] });
  });

  it('lead from a span to its logs and to the metrics of its service, by labels that those have', () => {
    const labels = lokiIndexLabels.map((key) => key.replaceAll('.', '_'));
    for (const { value } of tempo.tracesToLogsV2.tags) expect(labels).toContain(value);
    expect(tempo.tracesToLogsV2.query).toBe('{$${__tags}} | trace_id="$${__trace.traceId}"');
    const { name, unit, kind } = mcpMetrics.serverOperationDuration;
    const series = promName(name, unit, kind);
    expect(tempo.tracesToMetrics.queries.map(({ query }: Yaml) => query)).toEqual([
      `sum by (mcp_method_name) (rate(${series}_count{$$__tags}[$$__rate_interval]))`,
      `histogram_quantile(0.95, sum by (le) (rate(${series}_bucket{$$__tags}[$$__rate_interval])))`,
    ]);
    expect(tempo.serviceMap.datasourceUid).toBe('prometheus');
  });

  it('lead from a log record to its trace and to the board of its service', () => {
    const [trace, board] = loki.derivedFields;
    expect(trace).toMatchObject({ matcherType: 'label', matcherRegex: 'trace_id', datasourceUid: 'tempo', url: '$${__value.raw}' });
    expect(board).toMatchObject({ matcherType: 'label', matcherRegex: 'service_name' });
    expect(board.url).toBe(`/d/${boards.mcp.uid}?var-service=$\${__value.raw}`);
  });
});

describe('boards', () => {
  it('are loaded from the generated files, which Grafana mounts where it looks for them', () => {
    const { providers } = yaml('dashboards/provisioning/dashboards/dashboards.yaml');
    const [provider] = providers;
    const { environment, ...grafana } = compose.services.grafana;
    expect(mountsOf(grafana)).toContainEqual(['./dashboards/generated', provider.options.path, 'ro']);
    expect(provider).toMatchObject({ disableDeletion: true, allowUiUpdates: false });
    expect(environment.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH).toBe(`${provider.options.path}/${boards.mcp.uid}.json`);
  });
});
