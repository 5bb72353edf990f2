import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contextTypes, requestTypes } from '../../../src/handoff/sessions/types.js';
import { domains } from '../../../src/telemetry/catalogue/domains.js';
import { operationMetrics } from '../../../src/telemetry/catalogue/operations.js';
import * as semconv from '../../../src/telemetry/semconv.js';

const definitions = domains.flatMap(({ metrics = [] }) => metrics);
const operationNames: readonly string[] = domains.flatMap(({ operations = [] }) => operations).map(({ name }) => name);
const eventNames: readonly string[] = domains.flatMap(({ events = [] }) => events).map(({ name }) => name);
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

  it('has no two operations or log events of one name, all under handoff.', () => {
    const names = [...operationNames, ...eventNames];
    expect(names).toEqual([...new Set(names)]);
    for (const name of names) expect(name).toMatch(/^handoff\.[a-z]+\.[a-z_]+$/);
  });

  it('has no two attribute constants of one name', () => {
    expect(attributeNames).toEqual([...new Set(attributeNames)]);
  });
});

describe.each(definitions)('$name', ({ name, kind, unit, description, buckets, attributes, source }) => {
  const keys = attributes.map(({ key }) => key);

  it("has a name of the conventions' form, without its unit", () => {
    expect(name).toMatch(/^[a-z]+[a-z0-9]*(?:\.[a-z_]+[0-9]*)+$/);
    expect(name).not.toMatch(/(?:_total|_count|_seconds|_bytes|_ms)$/);
  });

  it('has a UCUM unit and a sentence', () => {
    expect(unit).toMatch(UNIT);
    expect(description).toMatch(/^[A-Z].{15,}\.$/);
  });

  it('has ascending buckets if and only if it is a histogram', () => {
    expect(buckets !== undefined).toBe(kind === 'histogram');
    const bounds = [...(buckets ?? [])];
    expect(bounds).toEqual([...new Set(bounds)].sort((a, b) => a - b));
  });

  it('takes only attributes that semconv.ts names if we make it, each once', () => {
    expect(keys.filter((key) => source === 'handoff-otel' && !attributeNames.includes(key))).toEqual([]);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it('says of each attribute what values it has: all of them, or a sentence', () => {
    for (const { values } of attributes) {
      if (typeof values === 'string') expect(values).toMatch(/^[A-Z`].{15,}\.$/);
      else expect([values.length > 0, ...values]).toEqual([true, ...new Set(values)]);
    }
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
    expect(keys.filter((key) => unbounded.includes(key))).toEqual([]);
  });
});

describe('values that the catalogue lists', () => {
  const valuesOf = (attributes: readonly { readonly key: string; readonly values: unknown }[], name: string): unknown =>
    attributes.find(({ key }) => key === name)?.values;

  it('are those of the code', () => {
    expect(valuesOf(operationMetrics.duration.attributes, 'handoff.context.type')).toEqual(contextTypes);
    expect(valuesOf(operationMetrics.duration.attributes, 'handoff.request.type')).toEqual(requestTypes);
    expect(valuesOf(operationMetrics.duration.attributes, 'handoff.operation.name')).toEqual(operationNames);
  });
});

it('source files write no metric, operation or log event name of the catalogue by hand', () => {
  const src = fileURLToPath(new URL('../../../src/', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith(join('telemetry', 'catalogue')),
  );
  const names = [...definitions.map(({ name }) => name), ...operationNames, ...eventNames];
  const strays = files.flatMap((file) => {
    const text = codeOf(join(src, file));
    return names.filter((name) => text.includes(`'${name}'`)).map((name) => `${file} ${name}`);
  });
  expect(files.length).toBeGreaterThan(300);
  expect(strays).toEqual([]);
});

it('source files of the product write no attribute name by hand', () => {
  const src = fileURLToPath(new URL('../../../src/', import.meta.url));
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
  const names = attributeNames.filter((name) => name.includes('.'));
  for (const file of files) {
    const text = codeOf(join(src, file));
    expect([file, names.filter((name) => text.includes(`'${name}'`))]).toEqual([file, []]);
  }
});

/** A source file without its comments. */
function codeOf(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
