import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** What a file holds is what the assertions pin. */
type Yaml = ReturnType<typeof parse>;
const yaml = (path: string): Yaml => parse(read(path), { merge: true });

const config = yaml('otel-collector/config.yaml');
const overlay = yaml('otel-collector/config.file.yaml');
/** OTEL_METRIC_EXPORT_INTERVAL, where nobody sets it. */
const PRODUCT_DEFAULT_INTERVAL_MS = 60_000;
const pipelines = Object.entries<{ receivers: string[]; processors: string[]; exporters: string[] }>(config.service.pipelines);

describe('collector configuration', () => {
  it('has a pipeline per signal, in and out of it only what is defined', () => {
    expect(pipelines.map(([name]) => name).sort()).toEqual(['logs', 'metrics', 'traces']);
    for (const part of ['receivers', 'processors', 'exporters'] as const) {
      const used = pipelines.flatMap(([, pipeline]) => pipeline[part]);
      expect(new Set(used)).toEqual(new Set(Object.keys(config[part])));
    }
    expect(new Set(config.service.extensions)).toEqual(new Set(Object.keys(config.extensions)));
  });

  it('limits memory first and redacts last in every pipeline', () => {
    for (const [, { processors }] of pipelines) {
      expect(processors[0]).toBe('memory_limiter');
      expect(processors.at(-1)).toMatch(/^redaction/);
      expect(processors).toContain('transform/pii');
    }
  });

  it('never gives up and never forgets: every exporter retries without end from a queue on disk, in batches', () => {
    for (const [name, exporter] of Object.entries<Yaml>(config.exporters)) {
      const { retry_on_failure: retry, sending_queue: queue } = exporter;
      expect({ name, retries: retry.enabled, maxElapsedTime: retry.max_elapsed_time }).toEqual({
        name,
        retries: true,
        maxElapsedTime: '0s',
      });
      expect({ name, storage: queue.storage, enabled: queue.enabled }).toEqual({ name, storage: 'file_storage/queue', enabled: true });
      // The back ends take 4 MiB a request; a larger one is refused for good.
      expect(queue.batch.sizer).toBe('bytes');
      expect(queue.batch.max_size).toBeLessThan(4 * 1024 * 1024);
    }
  });

  it('lets nobody outside the machine read zpages or pprof', () => {
    for (const extension of ['zpages', 'pprof']) expect(config.extensions[extension].endpoint).toMatch(/:-127\.0\.0\.1:\d+\}$/);
  });

  it('adds no label to metrics when it masks', () => {
    expect(config.processors['redaction/metrics']).toEqual({ ...config.processors.redaction, summary: 'silent' });
  });

  it('uses no name that is deprecated', () => {
    const types = ['receivers', 'processors', 'exporters'].flatMap((part) => Object.keys(config[part])).map((id) => id.split('/')[0]);
    expect(types.filter((type) => ['batch', 'otlphttp', 'logging', 'loki', 'prometheusremotewrite'].includes(type ?? ''))).toEqual([]);
  });

  it('masks in status messages, by transform, all that redaction masks elsewhere', () => {
    const statements: string[] = config.processors['transform/pii'].trace_statements;
    const patterns = statements.flatMap(
      (statement) => /^replace_pattern\(span\.status\.message, ("(?:[^"\\]|\\.)+"), /.exec(statement)?.[1] ?? [],
    );
    expect(patterns.map((pattern) => JSON.parse(pattern))).toEqual(config.processors.redaction.blocked_values);
  });
});

describe('transform statements', () => {
  const transforms = Object.entries<Yaml>(config.processors).filter(([name]) => name.startsWith('transform/'));
  const statements: string[] = transforms.flatMap(
    ([, { trace_statements: spans = [], metric_statements: points = [], log_statements: logs = [] }]) => [...spans, ...points, ...logs],
  );

  it('write the context of every path, which the collector will ask for', () => {
    expect(statements.length).toBeGreaterThan(15);
    const contexts = /\b(?:resource|span|spanevent|datapoint|log)\./g;
    const paths = /(?<![.\w])(?:attributes|body|status|event_name)\b/g;
    for (const statement of statements) {
      const code = statement.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
      expect({ statement, bare: code.match(paths), contexts: (code.match(contexts) ?? []).length > 0 }).toEqual({
        statement,
        bare: null,
        contexts: true,
      });
    }
  });

  it('remove the same content from spans, their events, points and log records', () => {
    const removals = statements.flatMap(
      (statement) => /^delete_matching_keys\((\w+)\.attributes, (".*")\)$/.exec(statement)?.slice(1, 3) ?? [],
    );
    const patternsOf = (context: string): string[] =>
      removals.flatMap((word, index) => (word === context ? [removals[index + 1] ?? ''] : []));
    const [pattern] = patternsOf('span');
    expect(pattern).toContain('gen_ai');
    for (const context of ['span', 'spanevent', 'datapoint', 'log']) expect(patternsOf(context)).toEqual([pattern]);
  });

  it('give Loki the name of an event as an attribute, since it ignores the field', () => {
    expect(config.processors['transform/loki'].log_statements[0]).toBe(
      'set(log.attributes["event.name"], log.event_name) where log.event_name != ""',
    );
    expect(config.service.pipelines.logs.processors).toContain('transform/loki');
  });
});

describe('credentials', () => {
  it('go with everything that is sent to Prometheus, the collector’s own metrics too', () => {
    const { otlp } = config.service.telemetry.metrics.readers[0].periodic.exporter;
    expect(otlp.headers).toBe(config.exporters['otlp_http/prometheus'].headers);
    expect(otlp.endpoint).toBe(`${config.exporters['otlp_http/prometheus'].endpoint}/v1/metrics`);
  });
});

describe('file overlay', () => {
  it('changes where telemetry goes and nothing of what happens to it', () => {
    expect(Object.keys(overlay).sort()).toEqual(['exporters', 'service']);
    for (const [signal] of pipelines) expect(overlay.service.pipelines[signal]).toEqual({ exporters: [`file/${signal}`] });
    expect(Object.keys(overlay.exporters).sort()).toEqual(pipelines.map(([signal]) => `file/${signal}`).sort());
  });
});

describe('Grafana data sources', () => {
  const { datasources } = yaml('dashboards/provisioning/datasources/datasources.yaml');
  const compose = yaml('docker-compose.yml');

  it('have fixed uids and link only to each other', () => {
    const uids = datasources.map(({ uid }: { uid: string }) => uid);
    expect(uids).toEqual(['prometheus', 'tempo', 'loki']);
    const linked = [...read('dashboards/provisioning/datasources/datasources.yaml').matchAll(/datasourceUid: (\S+)/g)].map(
      ([, uid]) => uid,
    );
    expect(linked.length).toBeGreaterThan(4);
    expect(linked.filter((uid) => !uids.includes(uid))).toEqual([]);
  });

  it('look logs up by labels that Loki indexes', () => {
    const indexed: string[] =
      yaml('otel-collector/backends/loki.yaml').limits_config.otlp_config.resource_attributes.attributes_config[0].attributes;
    const tempo = datasources.find(({ uid }: { uid: string }) => uid === 'tempo');
    for (const { key, value } of tempo.jsonData.tracesToLogsV2.tags) {
      expect(indexed).toContain(key);
      expect(value).toBe(key.replaceAll('.', '_'));
    }
  });

  it('expect points no more often than the slowest process exports them', () => {
    const intervalMs = Number(compose.services.handoff.environment.OTEL_METRIC_EXPORT_INTERVAL);
    const expectedSeconds = Number.parseInt(datasources[0].jsonData.timeInterval, 10);
    expect(expectedSeconds * 1000).toBe(Math.max(intervalMs, PRODUCT_DEFAULT_INTERVAL_MS));
  });
});
