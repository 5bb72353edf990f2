import { describe, expect, it } from 'vitest';
import { settingsOf } from './configFile.js';

describe('what a configuration file has that we do not support', () => {
  it.each([
    [
      'tracer_provider:\n  processors:\n    - batch:\n        exporter:\n          otlp_file/development:\n',
      'tracer_provider.processors[0].batch.exporter.otlp_file/development is not supported',
    ],
    ['tracer_provider:\n  processors:\n    - fancy:\n        a: 1\n', 'tracer_provider.processors[0].fancy is not supported'],
    [
      'tracer_provider:\n  processors:\n    - simple:\n        exporter:\n          console:\n  sampler:\n    probability/development:\n      ratio: 0.1\n',
      'tracer_provider.sampler.probability/development is not supported',
    ],
    ['propagator:\n  composite:\n    - xray:\n', 'propagator.composite[0].xray is not supported'],
    [
      'resource:\n  detection/development:\n    detectors:\n      - container:\n',
      'resource.detection/development.detectors[0].container is not supported',
    ],
    ['instrumentation/development:\n  js:\n    x: {}\n', 'instrumentation/development is not supported'],
    [
      'meter_provider:\n  readers:\n    - pull:\n        cardinality_limits:\n          default: 1\n        exporter:\n          prometheus/development:\n            translation_strategy: no_translation/development\n',
      'translation_strategy is not supported',
    ],
    [
      'tracer_provider:\n  processors:\n    - simple:\n        exporter:\n          otlp_http:\n            endpoint: nowhere:1\n',
      'endpoint is not an http:// or https:// URL',
    ],
    [
      'tracer_provider:\n  processors:\n    - simple:\n        exporter:\n          otlp_http:\n            timeout: 0\n',
      'timeout is 0 (no limit)',
    ],
    [
      'tracer_provider:\n  processors:\n    - simple:\n        exporter:\n          otlp_http:\n            compression: zstd\n',
      'compression must be gzip or none',
    ],
    [
      'tracer_provider:\n  processors:\n    - simple:\n        exporter:\n          otlp_http:\n            tls:\n              ca_file: /no/such/file\n',
      'tls.ca_file: the file cannot be read',
    ],
  ])('is named by its path: %#', (yaml, notice) => {
    expect(settingsOf(yaml).notices.join('\n')).toContain(notice);
  });

  it('refuses console on stdio', () => {
    const { traces, metrics, notices } = settingsOf(
      'tracer_provider:\n  processors:\n    - simple:\n        exporter:\n          console:\nmeter_provider:\n  readers:\n    - periodic:\n        exporter:\n          console:\n',
      { stdio: true },
    );
    expect([traces.console, metrics.pushes, notices.filter((notice) => notice.includes('console is refused')).length]).toEqual([
      false,
      [],
      2,
    ]);
  });
});
