import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOtelVariable } from '../../../../src/instrumentation/settings/otelVariables.js';
import { unsupportedVariables } from '../../../../src/instrumentation/settings/unread.js';

/** Every variable the SDK's own code asks for by a literal name, or by one it puts together for a signal. */
function readBySdk(): ReadonlySet<string> {
  const here = createRequire(import.meta.url);
  const scope = dirname(dirname(dirname(here.resolve('@opentelemetry/sdk-node'))));
  const packages = [
    'core',
    'sdk-node',
    'sdk-trace',
    'sdk-logs',
    'sdk-metrics',
    'resources',
    'otlp-exporter-base',
    'otlp-grpc-exporter-base',
    'exporter-prometheus',
    'exporter-metrics-otlp-http',
    'exporter-zipkin',
  ];
  const found = new Set<string>();
  for (const name of packages) {
    const dist = join(scope, name, 'dist');
    for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.cjs'))) {
      const source = readFileSync(join(dist, file), 'utf8');
      for (const [, literal] of source.matchAll(/(?:FromEnv|getStringListFromEnv)\)?\(\s*"(OTEL_[A-Z_]+)"|env(?:\.|\[")(OTEL_[A-Z_]+)/g))
        if (literal !== undefined) found.add(literal);
      for (const [, suffix] of source.matchAll(/`OTEL_EXPORTER_OTLP_\$\{\w+\}_([A-Z_]+)`/g))
        for (const signal of ['TRACES', 'METRICS', 'LOGS']) found.add(`OTEL_EXPORTER_OTLP_${signal}_${suffix}`);
    }
  }
  return found;
}

describe('the list of variables', () => {
  it('has every one that the SDK reads', () => {
    const read = readBySdk();
    expect(read.size).toBeGreaterThan(50);
    expect([...read].filter((name) => !isOtelVariable(name) && !Object.hasOwn(unsupportedVariables, name))).toEqual([]);
  });
});
