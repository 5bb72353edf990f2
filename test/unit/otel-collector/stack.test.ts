import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lokiIndexLabels, promotedResourceAttributes, retentionDays } from '../../../src/telemetry/catalogue/backEnds.js';
import { compose, expand, mountsOf, read, variables, yaml, type Yaml } from '../deploy/composeFile.js';

const builder = yaml('otel-collector/builder.yaml');
const config = yaml('otel-collector/config.yaml');
const prometheus = yaml('otel-collector/backends/prometheus.yaml');
const tempo = yaml('otel-collector/backends/tempo.yaml');
const loki = yaml('otel-collector/backends/loki.yaml');
const collector = compose.services['otel-collector'];
const tiers = ['otel-gateway', 'otel-sampling-1', 'otel-sampling-2'].map((name) => compose.services[name]);

/** The tag of an image, without a digest. */
const tagOf = (image = ''): string | undefined => image.split('@')[0]?.split(':')[1];
/** The port of `host:port`. */
const portOf = (address: string): string | undefined => address.split(':').at(-1);

describe('builder manifest', () => {
  const groups = ['receivers', 'processors', 'exporters', 'connectors', 'extensions', 'providers'];
  const modules: string[] = [
    builder.telemetry.gomod,
    ...groups.flatMap((group) => (builder[group] ?? []).map(({ gomod }: { gomod: string }) => gomod)),
  ];

  it('carries one version throughout: v0 modules that of the distribution, v1 modules its twin', () => {
    const versions = modules.map((line) => line.split(' ')[1]);
    expect(versions.length).toBeGreaterThan(10);
    // A release is a pair: v0.(n + 94) with v1.n, such as v0.165.0 with v1.71.0.
    const minor = Number(builder.dist.version.split('.')[1]);
    expect(new Set(versions)).toEqual(new Set([`v${builder.dist.version}`, `v1.${minor - 94}.0`]));
  });

  it('builds the version that docker-compose.yml and deploy/kubernetes run', () => {
    expect(tagOf(variables['COLLECTOR_IMAGE'])).toBe(builder.dist.version);
    const { images } = yaml('deploy/kubernetes/kustomization.yaml');
    expect(images).toContainEqual({ name: variables['COLLECTOR_IMAGE']?.split(':')[0], newTag: builder.dist.version });
  });

  it('is the version the README names', () => {
    expect(read('otel-collector/README.md')).toContain(`otel/opentelemetry-collector-contrib:${builder.dist.version} `);
  });
});

describe('after an outage', () => {
  it('Tempo takes a backlog of any number of traces, and finds late spans at their own time', () => {
    expect(tempo.overrides.defaults.ingestion.max_traces_per_user).toBe(0);
    expect(tempo.live_store.wal.ingestion_time_range_slack).toBe('24h');
  });

  it('Prometheus takes points a day old, and counts the first points of a new process', () => {
    expect(prometheus.storage.tsdb.out_of_order_time_window).toBe('24h');
    const features = compose.services.prometheus.command.find((flag: string) => flag.startsWith('--enable-feature='));
    expect(features.split('=')[1].split(',')).toEqual(['exemplar-storage', 'created-timestamp-zero-ingestion']);
  });

  it('Loki takes lines half a day old', () => {
    expect(loki.ingester.max_chunk_age).toBe('24h');
  });

  it('what a back end threw away can be seen, because Prometheus asks each of them', () => {
    const jobs = prometheus.scrape_configs.map(({ job_name: job, static_configs: [{ targets }] }: Yaml) => [job, targets[0]]);
    expect(jobs).toEqual([
      ['prometheus', '127.0.0.1:9090'],
      ['alertmanager', 'alertmanager:9093'],
      ['tempo', `tempo:${tempo.server.http_listen_port}`],
      ['loki', `loki:${loki.server.http_listen_port}`],
      ['grafana', 'grafana:3000'],
    ]);
  });
});

describe('what the catalogue says of the back ends', () => {
  it('is how long each keeps what it has', () => {
    const hours = (days: number): string => `${days * 24}h`;
    expect(tempo.backend_worker.compaction.block_retention).toBe(hours(retentionDays.traces));
    expect(tempo.backend_scheduler.provider.compaction.compaction.block_retention).toBe(hours(retentionDays.traces));
    expect(loki.limits_config.retention_period).toBe(hours(retentionDays.logs));
    expect(loki.compactor).toMatchObject({ retention_enabled: true, delete_request_store: 'filesystem' });
    expect(compose.services.prometheus.command).toEqual(
      expect.arrayContaining([`--storage.tsdb.retention.time=${retentionDays.metrics}d`, '--storage.tsdb.retention.size=8GB']),
    );
  });

  it('is what they make labels of', () => {
    expect(prometheus.otlp.promote_resource_attributes).toEqual([...promotedResourceAttributes]);
    const { ignore_defaults: ignored, attributes_config: rules } = loki.limits_config.otlp_config.resource_attributes;
    expect({ ignored, rules }).toEqual({ ignored: true, rules: [{ action: 'index_label', attributes: [...lokiIndexLabels] }] });
  });
});

describe('rules and alerts', () => {
  it('are mounted where Prometheus looks for them', () => {
    const [pattern = ''] = prometheus.rule_files;
    expect(mountsOf(compose.services.prometheus)).toContainEqual(['./dashboards/alerts/rules', pattern.replace('/*.yaml', ''), 'ro']);
  });

  it('go to Alertmanager, whose routes are mounted where it looks for them', () => {
    expect(prometheus.alerting.alertmanagers[0].static_configs[0].targets).toEqual(['alertmanager:9093']);
    const { command, ports, ...alertmanager } = compose.services.alertmanager;
    const file = command.find((flag: string) => flag.startsWith('--config.file=')).split('=')[1];
    expect(mountsOf(alertmanager)).toContainEqual(['./dashboards/alerts/alertmanager.yaml', file, 'ro']);
    expect(ports).toEqual(['127.0.0.1:9093:9093']);
  });
});

describe('wiring', () => {
  it('leaves it to the collector, which sees every span, to derive metrics from them', () => {
    expect(tempo.metrics_generator).toBeUndefined();
    expect(tempo.overrides.defaults.metrics_generator).toBeUndefined();
    expect(compose.services.prometheus.command.filter((flag: string) => flag.includes('remote-write'))).toEqual([]);
    expect(tempo.stream_over_http_enabled).toBe(true);
  });

  it.each(['handoff', 'handoff-1', 'handoff-2'])('sends the telemetry of %s to where a collector listens', (name) => {
    const target = new URL(compose.services[name].environment.OTEL_EXPORTER_OTLP_ENDPOINT);
    const { environment } = compose.services[target.hostname];
    expect(expand(config.receivers.otlp.protocols.http.endpoint, environment)).toBe(`0.0.0.0:${target.port}`);
  });

  it('sends each signal to the port on which its back end listens', () => {
    for (const { environment } of [collector, ...tiers]) {
      expect(expand(config.exporters['otlp_grpc/tempo'].endpoint, environment)).toBe(
        `tempo:${portOf(tempo.distributor.receivers.otlp.protocols.grpc.endpoint)}`,
      );
      expect(expand(config.exporters['otlp_http/loki'].endpoint, environment)).toBe(`http://loki:${loki.server.http_listen_port}/otlp`);
      expect(expand(config.exporters['otlp_http/prometheus'].endpoint, environment)).toBe('http://prometheus:9090/api/v1/otlp');
    }
    expect(compose.services.prometheus.command).toContain('--web.enable-otlp-receiver');
  });

  // With a list, the ten senders of the gateway all come to wait for a node that is down, and what others have is sent again and again.
  it('leads the first tier to every node of the second that runs, by one name', () => {
    const [gateway, ...nodes] = tiers;
    const { dns } = parse(gateway.environment.OTELCOL_SAMPLING_RESOLVER);
    expect(nodes).toHaveLength(2);
    for (const { environment, networks } of nodes) {
      expect(networks.telemetry.aliases).toEqual([dns?.hostname]);
      expect(expand(config.receivers.otlp.protocols.grpc.endpoint, environment)).toBe(`0.0.0.0:${dns?.port}`);
    }
    expect(gateway.networks).toContain('telemetry');
  });

  it('sets no collector variable that its configurations do not read, and has a limit for Go below that of the container', () => {
    for (const { command, environment, mem_limit: limit } of [collector, ...tiers]) {
      const files = command.map((flag: string) => flag.replace('--config=/etc/otelcol/', 'otel-collector/'));
      const known = new Set(files.flatMap((file: string) => [...read(file).matchAll(/\$\{env:(\w+)/g)].map(([, name]) => name)));
      expect(Object.keys(environment).filter((name) => name.startsWith('OTELCOL_') && !known.has(name))).toEqual([]);
      const mebibytes = limit.endsWith('g') ? Number.parseInt(limit, 10) * 1024 : Number.parseInt(limit, 10);
      expect(environment.GOMEMLIMIT).toBe(`${Math.round(mebibytes * 0.8)}MiB`);
    }
  });

  it('keeps each queue in a folder of its own on the volume', () => {
    const folders = [collector, ...tiers].map((service) => {
      const [, target] = mountsOf(service).find(([source]) => source === 'collector-queue') ?? [];
      expect(service.environment.OTELCOL_QUEUE_DIR.startsWith(`${target}/`)).toBe(true);
      return service.environment.OTELCOL_QUEUE_DIR;
    });
    expect(new Set(folders).size).toBe(folders.length);
  });
});
