import { describe, expect, it } from 'vitest';
import { knownMethod } from '../../../src/instrumentation/mcp/message/knownValues.js';
import { domains } from '../../../src/telemetry/catalogue/domains.js';
import * as semconv from '../../../src/telemetry/semconv.js';
import { registry } from '../../conventions/registry/load.js';

const constants = new Set<unknown>(Object.values(semconv));
const catalogued = domains.flatMap(({ metrics = [] }) => metrics).filter(({ name }) => name.startsWith('mcp.'));
/** Payload and what nobody can tell: no constant, no column. */
const NOT_ON_METRICS: ReadonlySet<string> = new Set(['gen_ai.prompt.variable', 'mcp.resource.uri']);

describe('the pinned MCP conventions', () => {
  it.each(Object.keys(registry.attributes))('%s has a constant', (name) => {
    const own = [...constants].some(
      (constant) =>
        typeof constant === 'string' &&
        (constant === name || (registry.attributes[name]?.type === 'template[string]' && constant.startsWith(name))),
    );
    expect(own).toBe(true);
  });

  it.each(Object.entries(registry.metrics))('%s is in the catalogue as the pin has it', (name, fact) => {
    const metric = catalogued.find((each) => each.name === name);
    expect(metric).toMatchObject({ kind: fact.instrument, unit: fact.unit, buckets: fact.boundaries });
    const pinned = Object.keys(fact.attributes).filter((key) => !NOT_ON_METRICS.has(key));
    const ours = (metric?.attributes ?? []).map(({ key }) => key).filter((key) => !key.startsWith('handoff.mcp.'));
    expect(ours.toSorted()).toEqual(pinned.toSorted());
  });

  it('is all the catalogue has under mcp.', () => {
    expect(catalogued.map(({ name }) => name).toSorted()).toEqual(Object.keys(registry.metrics).toSorted());
  });

  it.each(registry.methods.map(({ value }) => value))('%s is a method we name', (method) => {
    expect(knownMethod(method)).toBe(method);
  });
});
