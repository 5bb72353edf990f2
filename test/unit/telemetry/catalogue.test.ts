import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metrics, operations } from '../../../src/telemetry/catalogue.js';
import type { MetricDefinition } from '../../../src/telemetry/catalogue.js';
import * as semconv from '../../../src/telemetry/semconv.js';

const definitions: readonly MetricDefinition[] = Object.values(metrics);
const attributeNames: readonly string[] = Object.entries(semconv)
  .filter(([constant]) => constant.startsWith('ATTR_'))
  .map(([, name]) => name);

/** UCUM units the catalogue may use: seconds, bytes, dimensionless, and annotations in braces. */
const UNIT = /^(?:s|By|1|\{[a-z_]+\})$/;

describe('the catalogue', () => {
  it('has no two metrics of one name', () => {
    const names = definitions.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('has no two names that Prometheus would write the same', () => {
    const flattened = definitions.map(({ name }) => name.replaceAll('.', '_'));
    expect(flattened).toEqual([...new Set(flattened)]);
  });

  it('has no two operations of one name, all under handoff.', () => {
    const names = Object.values(operations);
    expect(names).toEqual([...new Set(names)]);
    for (const name of names) expect(name).toMatch(/^handoff\.[a-z]+\.[a-z_]+$/);
  });

  it('has no two attribute constants of one name', () => {
    expect(attributeNames).toEqual([...new Set(attributeNames)]);
  });
});

describe.each(definitions)('$name', ({ name, kind, unit, description, buckets, attributes, source }) => {
  it("has a name of the conventions' form, without its unit", () => {
    expect(name).toMatch(/^[a-z]+(?:\.[a-z_]+)+$/);
    expect(name).not.toMatch(/(?:_total|_count|_seconds|_bytes|_ms)$/);
  });

  it('has a UCUM unit and a sentence', () => {
    expect(unit).toMatch(UNIT);
    expect(description).toMatch(/^[A-Z].{15,}\.$/);
  });

  it('has ascending buckets of its own if and only if it is a histogram we make', () => {
    expect(buckets !== undefined).toBe(kind === 'histogram' && source === 'handoff-otel');
    const bounds = [...(buckets ?? [])];
    expect(bounds).toEqual([...new Set(bounds)].sort((a, b) => a - b));
  });

  it('takes only attributes that semconv.ts names, each once', () => {
    expect(attributes.filter((attribute) => !attributeNames.includes(attribute))).toEqual([]);
    expect([...attributes]).toEqual([...new Set(attributes)]);
  });

  it('takes no attribute whose values have no bound', () => {
    const unbounded = [
      'handoff.session.id',
      'handoff.session.key',
      'handoff.context.sequence_number',
      'mcp.session.id',
      'mcp.resource.uri',
      'jsonrpc.request.id',
      'db.query.text',
    ];
    expect(attributes.filter((attribute) => unbounded.includes(attribute))).toEqual([]);
  });
});

it('source files write no attribute or metric name of the catalogue by hand', () => {
  const files = [
    'handoff/sessions/appendContext.ts',
    'handoff/sessions/requestHandoff.ts',
    'handoff/sessions/readContext.ts',
    'handoff/sessions/listSessions.ts',
    'handoff/sessions/registerSession.ts',
    'telemetry/observe.ts',
    'telemetry/instruments.ts',
    'handoff/services.ts',
  ];
  const names = [...attributeNames, ...definitions.map(({ name }) => name), ...Object.values(operations)].filter((name) =>
    name.includes('.'),
  );
  for (const file of files) {
    const text = readFileSync(new URL(`../../../src/${file}`, import.meta.url), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect([file, names.filter((name) => text.includes(`'${name}'`))]).toEqual([file, []]);
  }
});
