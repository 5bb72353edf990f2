import { describe, expect, it } from 'vitest';
import { layered, type Pipeline, pipelinesOf, text, topologies, type Yaml } from './layers.js';

const all = Object.entries(await topologies()).map(([name, files]) => ({ name, config: layered(files) }));
const single = layered(['config.yaml']);

/** What connects pipelines is an exporter of one and a receiver of another. */
const connectorsOf = (config: Yaml): string[] => Object.keys(config.connectors ?? {});
const typeOf = (id: string): string => id.split('/')[0] ?? '';
/** Exporters that send over the network, and what a request of theirs may lose. */
const senders = (config: Yaml): [string, Yaml][] =>
  Object.entries<Yaml>(config.exporters).filter(([id]) => ['otlp_grpc', 'otlp_http', 'load_balancing'].includes(typeOf(id)));

describe.each(all)('collector configuration: $name', ({ config }) => {
  const pipelines = pipelinesOf(config);
  const used = (part: keyof Pipeline): string[] => pipelines.flatMap(([, pipeline]) => pipeline[part] ?? []);

  it('uses only what it defines', () => {
    const connectors = connectorsOf(config);
    const known = {
      receivers: [...Object.keys(config.receivers), ...connectors],
      processors: Object.keys(config.processors),
      exporters: [...Object.keys(config.exporters), ...connectors],
    };
    for (const part of ['receivers', 'processors', 'exporters'] as const)
      expect({ part, unknown: used(part).filter((id) => !known[part].includes(id)) }).toEqual({ part, unknown: [] });
    expect(new Set(config.service.extensions)).toEqual(new Set(Object.keys(config.extensions)));
    for (const id of connectors) expect({ id, in: used('exporters').includes(id) }).toEqual({ id, in: used('receivers').includes(id) });
  });

  it('limits memory first wherever telemetry comes in, and redacts last before anything leaves or becomes labels', () => {
    const fromOutside = pipelines.filter(([, { receivers }]) => receivers.includes('otlp'));
    expect(fromOutside.map(([name]) => name).sort()).toEqual(['logs', 'metrics', 'traces']);
    for (const [name, { processors = [] }] of fromOutside) {
      expect({ name, first: processors[0] }).toEqual({ name, first: 'memory_limiter' });
      // A node gets from gateways what they have redacted.
      if (name === 'traces' && processors.length === 1) continue;
      const scrubs = processors.findIndex((id) => typeOf(id) === 'redaction');
      expect({ name, pii: processors.indexOf('transform/pii'), scrubs: scrubs > 1 }).toEqual({ name, pii: 1, scrubs: true });
      // Behind redaction, only labels are made.
      expect(processors.slice(scrubs + 1).filter((id) => id !== 'transform/promoted')).toEqual([]);
    }
  });

  it('takes what the collector reports of itself through a pipeline that nothing else uses, without a limiter', () => {
    const own = pipelines.filter(([, { receivers }]) => receivers.includes('otlp/self'));
    expect(own.map(([name, { receivers }]) => [name, receivers])).toEqual([['metrics/self', ['otlp/self']]]);
    expect(own[0]?.[1].processors ?? []).not.toContain('memory_limiter');
    expect(config.receivers['otlp/self'].protocols.http.endpoint).toMatch(/:-127\.0\.0\.1:\d+\}$/);
  });

  it('never gives up and never forgets: what sends retries without end from a queue on disk, in batches', () => {
    expect(senders(config).length).toBeGreaterThan(2);
    for (const [name, exporter] of senders(config)) {
      const { retry_on_failure: retry, sending_queue: queue } = exporter;
      expect({ name, retries: retry.enabled, maxElapsedTime: retry.max_elapsed_time }).toEqual({
        name,
        retries: true,
        maxElapsedTime: '0s',
      });
      expect({ name, storage: queue.storage, enabled: queue.enabled }).toEqual({ name, storage: 'file_storage/queue', enabled: true });
      expect(config.service.extensions).toContain(queue.storage);
      // The back ends take 4 MiB a request; a larger one is refused for good.
      expect(queue.batch.sizer).toBe('bytes');
      expect(queue.batch.max_size).toBeLessThan(4 * 1024 * 1024);
    }
  });

  it('lets nobody outside the machine read zpages', () => {
    expect(config.extensions.zpages.endpoint).toMatch(/:-127\.0\.0\.1:\d+\}$/);
  });

  it('uses no type that is deprecated, has a new name, or is not in the manifest', () => {
    const ids = ['receivers', 'processors', 'exporters', 'connectors', 'extensions'].flatMap((part) => Object.keys(config[part] ?? {}));
    // The module of a type is its name without underscores and with its part: otlp_http is otlphttpexporter.
    const modules = text('builder.yaml').replaceAll('otlpexporter', 'otlpexporter otlpgrpcexporter');
    for (const type of new Set(ids.map(typeOf))) {
      expect(['batch', 'logging', 'loki', 'otlp_exporter', 'prometheusremotewrite', 'pprof']).not.toContain(type);
      const module = new RegExp(String.raw`\b${type.replaceAll('_', '')}(?:receiver|processor|exporter|connector|extension|)\b`);
      expect({ type, inManifest: module.test(modules) }).toEqual({ type, inManifest: true });
    }
    // Types with more than one word are written with underscores; the other spelling is the deprecated one.
    const joined = ['otlphttp', 'otlpgrpc', 'loadbalancing', 'tailsampling', 'spanmetrics', 'servicegraph', 'memorylimiter', 'healthcheck'];
    expect(ids.map(typeOf).filter((type) => joined.includes(type))).toEqual([]);
  });
});

describe('redaction', () => {
  it('adds no label to metrics when it masks', () => {
    expect(single.processors['redaction/metrics']).toEqual({ ...single.processors.redaction, summary: 'silent' });
  });
});

describe('metrics made of spans', () => {
  it('are made before any trace is dropped, once, and leave with the name of the collector that counted', async () => {
    for (const { name, config } of all) {
      const sampled = pipelinesOf(config).filter(([, { processors = [] }]) => processors.includes('tail_sampling'));
      const derived = config.service.pipelines['metrics/derived'];
      for (const [, { exporters, receivers }] of sampled) {
        expect({ name, connectors: exporters.filter((id) => connectorsOf(config).includes(id)), receivers }).toEqual({
          name,
          connectors: [],
          receivers: ['forward/sampling'],
        });
      }
      expect(derived.processors).toContain('transform/derived');
    }
    const receiversOf = (name: string): string[] =>
      all.find((candidate) => candidate.name === name)?.config.service.pipelines['metrics/derived'].receivers;
    // Of two tiers, one counts the spans, and the other, where all spans of a trace meet, who calls whom.
    expect([receiversOf('single'), receiversOf('gateway'), receiversOf('node')]).toEqual([
      ['span_metrics', 'service_graph'],
      ['span_metrics'],
      ['service_graph'],
    ]);
  });

  it('never have the name of a span as a label: nothing bounds it', () => {
    expect(single.connectors.span_metrics.exclude_dimensions).toContain('span.name');
    expect(single.connectors.span_metrics.aggregation_cardinality_limit).toBeGreaterThan(0);
  });
});

describe('file overlay', () => {
  it('changes where telemetry goes and nothing of what happens to it', () => {
    const overlay = layered(['config.file.yaml']);
    expect(Object.keys(overlay).sort()).toEqual(['exporters', 'service']);
    for (const [name, changed] of pipelinesOf(overlay)) {
      expect(Object.keys(changed)).toEqual(['exporters']);
      const { exporters } = single.service.pipelines[name];
      const connectors = exporters.filter((id: string) => connectorsOf(single).includes(id));
      expect(changed.exporters.slice(1)).toEqual(connectors);
      expect(changed.exporters[0]).toMatch(/^file\//);
    }
    expect(
      pipelinesOf(overlay)
        .map(([name]) => name)
        .sort(),
    ).toEqual(Object.keys(single.service.pipelines).sort());
  });
});
