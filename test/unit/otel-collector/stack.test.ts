import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { stagesOf } from '../../image/dockerfile.js';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** What a file holds is what the assertions pin. */
type Yaml = ReturnType<typeof parse>;
const yaml = (path: string): Yaml => parse(read(path), { merge: true });

const compose = yaml('docker-compose.yml');
const builder = yaml('otel-collector/builder.yaml');
const config = yaml('otel-collector/config.yaml');
const services = Object.entries<Yaml>(compose.services);
const collector = compose.services['otel-collector'];

/** The tag of an image. */
const tagOf = (image: string): string => image.slice(image.lastIndexOf(':') + 1);

/** `${env:NAME:-default}` as the collector reads it with the service's environment. */
function expand(text: string, environment: Record<string, string> = {}): string {
  return text.replaceAll(/\$\{env:(\w+):-([^}]*)\}/g, (_, name: string, byDefault: string) => environment[name] ?? byDefault);
}

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

  it('builds the version that docker-compose.yml runs', () => {
    expect(tagOf(collector.image)).toBe(builder.dist.version);
  });

  it('is the version the README names', () => {
    expect(read('otel-collector/README.md')).toContain(`otel/opentelemetry-collector-contrib:${builder.dist.version} `);
  });
});

describe('docker-compose.yml', () => {
  it('pins every image to a full version', () => {
    const images = services.flatMap(([, { image }]) => (image === undefined ? [] : [image as string]));
    expect(images.length).toBe(services.length - 1);
    for (const image of images) expect(tagOf(image)).toMatch(/^v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
  });

  it('bounds the memory of every service and what it logs', () => {
    const unbounded = services.filter(
      ([, { mem_limit: limit, logging }]) =>
        limit === undefined || logging?.options?.['max-size'] === undefined || logging.options['max-file'] === undefined,
    );
    expect(unbounded.map(([name]) => name)).toEqual([]);
  });

  it('gives each store longer than Docker’s ten seconds to end', () => {
    const graces = Object.fromEntries(services.map(([name, { stop_grace_period: grace = '10s' }]) => [name, Number.parseInt(grace, 10)]));
    // Tempo takes 31 s; the server its two bounds of 5 s and 2 s; the collector sends what it holds.
    expect(graces).toMatchObject({ tempo: 60, loki: 60, prometheus: 60, postgres: 60, 'otel-collector': 30, handoff: 30 });
  });

  it('publishes ports on the loopback address only, each once', () => {
    const ports = services.flatMap(([, { ports: published = [] }]) => published as string[]);
    expect(ports.length).toBeGreaterThan(5);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    const outside = ports.map((port) => port.split(':')[1]);
    expect(new Set(outside).size).toBe(outside.length);
  });

  it('mounts files that exist, read-only, and volumes that are declared', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes as string[]);
    const files = mounts.filter((mount) => mount.startsWith('./'));
    expect(files.length).toBeGreaterThan(4);
    for (const mount of files) {
      const [source = '', , mode] = mount.split(':');
      expect({ source, exists: existsSync(join(root, source)), mode }).toEqual({ source, exists: true, mode: 'ro' });
    }
    const named = mounts.filter((mount) => !mount.startsWith('./')).map((mount) => mount.split(':')[0]);
    expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)));
  });

  it('waits only for services that exist, and for health only where there is a health check', () => {
    for (const [name, { depends_on: dependencies = {} }] of services) {
      for (const [dependency, { condition }] of Object.entries<{ condition: string }>(dependencies)) {
        expect({ name, dependency, known: dependency in compose.services }).toEqual({ name, dependency, known: true });
        const checked = compose.services[dependency].healthcheck !== undefined;
        expect({ name, dependency, waitsForHealth: condition === 'service_healthy' && !checked }).toEqual({
          name,
          dependency,
          waitsForHealth: false,
        });
      }
    }
  });

  it('checks the health of every long-running service but the collector, whose image has nothing to ask with', () => {
    const unchecked = services.filter(([, { healthcheck }]) => healthcheck === undefined).map(([name]) => name);
    expect(unchecked.sort()).toEqual(['otel-collector', 'volume-owner']);
  });
});

describe('Dockerfile', () => {
  const stages = stagesOf(read('Dockerfile'));

  it('is what docker-compose.yml builds', () => {
    expect(compose.services.handoff.build).toBe('.');
  });

  it('uses the Node version of the scripts in every stage', () => {
    const { devDependencies } = JSON.parse(read('package.json'));
    expect(new Set(stages.map(({ image }) => image))).toEqual(new Set([`node:${devDependencies.node}-bookworm-slim`]));
  });

  it('copies only what exists and .dockerignore lets through, among it all that the build reads', () => {
    const copies = stages.flatMap(({ steps }) => steps).filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from='));
    const copied = copies.flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    expect(copied).toEqual(expect.arrayContaining(['src', 'tools', 'migrations']));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const letThrough = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    expect(new Set(letThrough)).toEqual(new Set(copied));
  });

  it('runs the server as somebody who is not root', () => {
    expect(stages.at(-1)?.steps).toContainEqual({ name: 'USER', rest: 'node' });
  });
});

describe('after an outage', () => {
  const tempo = yaml('otel-collector/backends/tempo.yaml');
  const loki = yaml('otel-collector/backends/loki.yaml');
  const prometheus = yaml('otel-collector/backends/prometheus.yaml');

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
      ['tempo', `tempo:${tempo.server.http_listen_port}`],
      ['loki', `loki:${loki.server.http_listen_port}`],
      ['grafana', 'grafana:3000'],
    ]);
  });
});

describe('retention', () => {
  it('is set in every back end', () => {
    const tempo = yaml('otel-collector/backends/tempo.yaml');
    const loki = yaml('otel-collector/backends/loki.yaml');
    expect(tempo.backend_worker.compaction.block_retention).toBe('336h');
    expect(tempo.backend_scheduler.provider.compaction.compaction.block_retention).toBe('336h');
    expect(loki.limits_config.retention_period).toBe('336h');
    expect(loki.compactor).toMatchObject({ retention_enabled: true, delete_request_store: 'filesystem' });
    expect(compose.services.prometheus.command).toEqual(
      expect.arrayContaining(['--storage.tsdb.retention.time=15d', '--storage.tsdb.retention.size=8GB']),
    );
  });
});

describe('wiring', () => {
  it('makes the service map of Grafana from what Tempo sends to Prometheus', () => {
    const tempo = yaml('otel-collector/backends/tempo.yaml');
    expect(tempo.overrides.defaults.metrics_generator.processors).toEqual(['service-graphs']);
    expect(tempo.metrics_generator.storage.remote_write[0].url).toBe('http://prometheus:9090/api/v1/write');
    expect(compose.services.prometheus.command).toContain('--web.enable-remote-write-receiver');
    expect(tempo.stream_over_http_enabled).toBe(true);
  });

  it('sends the server’s telemetry to where the collector listens', () => {
    const target = new URL(compose.services.handoff.environment.OTEL_EXPORTER_OTLP_ENDPOINT);
    expect(target.hostname).toBe('otel-collector');
    expect(expand(config.receivers.otlp.protocols.http.endpoint, collector.environment)).toBe(`0.0.0.0:${target.port}`);
  });

  it('sends each signal to the port on which its back end listens', () => {
    const tempo = yaml('otel-collector/backends/tempo.yaml');
    const loki = yaml('otel-collector/backends/loki.yaml');
    const tempoPort = tempo.distributor.receivers.otlp.protocols.grpc.endpoint.split(':')[1];
    expect(expand(config.exporters['otlp_grpc/tempo'].endpoint, collector.environment)).toBe(`tempo:${tempoPort}`);
    expect(expand(config.exporters['otlp_http/loki'].endpoint, collector.environment)).toBe(
      `http://loki:${loki.server.http_listen_port}/otlp`,
    );
    expect(expand(config.exporters['otlp_http/prometheus'].endpoint, collector.environment)).toBe('http://prometheus:9090/api/v1/otlp');
    expect(compose.services.prometheus.command).toContain('--web.enable-otlp-receiver');
  });

  it('sets no collector variable that the configuration does not read', () => {
    const known = new Set([...read('otel-collector/config.yaml').matchAll(/\$\{env:(\w+)/g)].map(([, name]) => name));
    const set = Object.keys(collector.environment).filter((name) => name.startsWith('OTELCOL_'));
    expect(set.filter((name) => !known.has(name))).toEqual([]);
  });

  it('keeps the queue on the volume', () => {
    const [volume = ''] = collector.volumes.filter((mount: string) => mount.startsWith('collector-queue:'));
    expect(collector.environment.OTELCOL_QUEUE_DIR.startsWith(`${volume.split(':')[1]}/`)).toBe(true);
  });
});
