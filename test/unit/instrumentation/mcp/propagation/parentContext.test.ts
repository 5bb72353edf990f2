import { ROOT_CONTEXT, propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveParent } from '../../../../../src/instrumentation/mcp/propagation/parentContext.js';
import type { Parentage, Propagation, Trust } from '../../../../../src/instrumentation/mcp/propagation/parentContext.js';
import type { MessageExtra } from '../../../../../src/instrumentation/mcp/shapes.js';
import { TelemetryHarness } from '../telemetryHarness.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const META = { traceparent: `00-${TRACE}-aaaaaaaaaaaaaaaa-01`, tracestate: 'a=1', baggage: 'tenant=blue,user=me' };
const HEADERS = { traceparent: `00-${TRACE}-bbbbbbbbbbbbbbbb-01`, baggage: 'zone=eu' };
const V1: MessageExtra = { requestInfo: { headers: HEADERS } };
const REPEATED: MessageExtra = { requestInfo: { headers: { traceparent: META.traceparent } } };
const V2: MessageExtra = { request: { headers: new Headers(HEADERS) } };
const AMBIENT = trace.setSpanContext(ROOT_CONTEXT, { traceId: TRACE, spanId: 'cccccccccccccccc', traceFlags: 1 });
const TRUSTED: Trust = { remoteParent: 'parent', baggageKeys: 'all' };

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(() => telemetry.dispose());

const resolve = (
  ambient: Context,
  meta: Record<string, unknown> | undefined,
  extra: MessageExtra | undefined,
  trust: Partial<Trust> = {},
): Parentage => resolveParent(propagation, ambient, meta, extra, { ...TRUSTED, ...trust });
const parentOf = ({ context }: Parentage): string | undefined => trace.getSpanContext(context)?.spanId[0];
const linksOf = ({ links }: Parentage): (string | undefined)[] => (links ?? []).map((link) => link.context.spanId[0]);
const baggageOf = ({ context }: Parentage): Record<string, string> =>
  Object.fromEntries((propagation.getBaggage(context)?.getAllEntries() ?? []).map(([key, { value }]) => [key, value]));

describe('the parent', () => {
  it.each([
    ['_meta alone', ROOT_CONTEXT, META, undefined, 'a', []],
    ['_meta over the ambient span, which becomes a link', AMBIENT, META, undefined, 'a', ['c']],
    ['_meta over headers, which become a link when nobody has used them', ROOT_CONTEXT, META, V1, 'a', ['b']],
    ['_meta which headers repeat, without a link to it', ROOT_CONTEXT, META, REPEATED, 'a', []],
    ['_meta over both: the ambient span stands for the headers', AMBIENT, META, V1, 'a', ['c']],
    ['the ambient span over headers', AMBIENT, undefined, V1, 'c', []],
    ['the ambient span where _meta has baggage only', AMBIENT, { baggage: 'a=1' }, V1, 'c', []],
    ['headers of v1', ROOT_CONTEXT, undefined, V1, 'b', []],
    ['headers of v2', ROOT_CONTEXT, {}, V2, 'b', []],
    ['headers where _meta has baggage only', ROOT_CONTEXT, { baggage: 'a=1' }, V2, 'b', []],
    ['nothing', ROOT_CONTEXT, undefined, undefined, undefined, []],
    ['nothing usable', ROOT_CONTEXT, { traceparent: 7 }, {}, undefined, []],
    ['itself, without a link to itself', AMBIENT, { traceparent: `00-${TRACE}-cccccccccccccccc-01` }, undefined, 'c', []],
  ] as const)('is %s', (_what, ambient, meta, extra, parent, links) => {
    const found = resolve(ambient, meta, extra);
    expect(parentOf(found)).toBe(parent);
    expect(linksOf(found)).toEqual(links);
  });

  it.each([
    ['link', ROOT_CONTEXT, META, undefined, undefined, ['a']],
    ['link', AMBIENT, META, undefined, 'c', ['a']],
    ['link', AMBIENT, { traceparent: `00-${TRACE}-cccccccccccccccc-01` }, undefined, 'c', []],
    ['link', ROOT_CONTEXT, undefined, V2, undefined, ['b']],
    ['ignore', ROOT_CONTEXT, META, undefined, undefined, []],
    ['ignore', AMBIENT, META, V1, 'c', []],
    ['ignore', ROOT_CONTEXT, undefined, V1, undefined, []],
  ] as const)('from a peer is only a %s', (remoteParent, ambient, meta, extra, parent, links) => {
    const found = resolve(ambient, meta, extra, { remoteParent });
    expect(parentOf(found)).toBe(parent);
    expect(linksOf(found)).toEqual(links);
  });

  it('keeps the trace state', () => {
    expect(trace.getSpanContext(resolve(ROOT_CONTEXT, META, undefined).context)?.traceState?.serialize()).toBe('a=1');
  });

  it('is none of inherited keys', () => {
    expect(parentOf(resolve(ROOT_CONTEXT, Object.create(META) as Record<string, unknown>, undefined))).toBeUndefined();
  });

  it('is none of a value too long to read, whatever the propagator would make of it', () => {
    const read: (string | string[] | undefined)[] = [];
    const extract: Propagation['extract'] = (context, carrier, getter) => {
      read.push(getter?.get(carrier, 'x-trace'));
      return context;
    };
    const propagator: Propagation = { fields: () => ['x-trace'], extract, inject: () => undefined };
    for (const length of [8192, 8193]) resolveParent(propagator, ROOT_CONTEXT, { 'x-trace': 'x'.repeat(length) }, undefined, TRUSTED);
    expect(read).toEqual(['x'.repeat(8192), undefined]);
  });
});

describe('baggage of a peer', () => {
  it.each([
    ['all', { tenant: 'blue', user: 'me' }],
    [new Set(['user', 'other']), { user: 'me' }],
    [new Set<string>(), {}],
    [undefined, {}],
  ] as const)('passes the allow-list %s', (baggageKeys, expected) => {
    const trust = baggageKeys === undefined ? { remoteParent: 'parent' as const, baggageKeys: undefined } : { baggageKeys };
    expect(baggageOf(resolve(ROOT_CONTEXT, META, undefined, trust))).toEqual(expected);
  });

  it('of _meta wins over that of headers, also where the parent is in the headers', () => {
    const found = resolve(ROOT_CONTEXT, { baggage: 'tenant=blue' }, V2);
    expect(parentOf(found)).toBe('b');
    expect(baggageOf(found)).toEqual({ tenant: 'blue' });
    expect(baggageOf(resolve(ROOT_CONTEXT, {}, V2))).toEqual({ zone: 'eu' });
  });

  it("that is not allowed leaves the host's own", () => {
    const own = propagation.setBaggage(AMBIENT, propagation.createBaggage({ mine: { value: '1' } }));
    expect(baggageOf(resolve(own, META, undefined, { baggageKeys: undefined }))).toEqual({ mine: '1' });
    expect(baggageOf(resolve(own, undefined, V1, { baggageKeys: undefined }))).toEqual({ mine: '1' });
  });
});
