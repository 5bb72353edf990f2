import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { Attributes, SpanContext } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportRequest } from '../../../../../../src/instrumentation/pipeline/otlp/encode/exportRequest.js';
import { createLogRecordEncoder } from '../../../../../../src/instrumentation/pipeline/otlp/encode/logRecordEncoder.js';
import { requestJson } from '../../../../../../src/instrumentation/pipeline/otlp/encode/requestJson.js';
import { createSpanEncoder } from '../../../../../../src/instrumentation/pipeline/otlp/encode/spanEncoder.js';
import { loadSdk } from '../../../../../../src/instrumentation/sdk/sdkModules.js';
import { jsonTree } from './jsonTree.js';
import { logsRequest, traceRequest, wireTree } from './wireTree.js';

interface Codec<T> {
  serializeRequest(items: readonly T[]): Uint8Array;
}

// OpenTelemetry's own codec says what is right.
const codecs = loadSdk().load('@opentelemetry/otlp-transformer') as {
  ProtobufTraceSerializer: Codec<ReadableSpan>;
  ProtobufLogsSerializer: Codec<ReadableLogRecord>;
  JsonTraceSerializer: Codec<ReadableSpan>;
  JsonLogsSerializer: Codec<ReadableLogRecord>;
};
const { resourceFromAttributes } = loadSdk().resources;

const resource = resourceFromAttributes({ 'service.name': 'ümlaut', 'process.pid': 4242 }, { schemaUrl: 'https://schema/1' });
const scopes = [
  { name: 'one', version: '1.0.0' },
  { name: 'two', schemaUrl: 'https://schema/2' },
];

const id = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom('', 'x'.repeat(127), 'x'.repeat(128), 'é'.repeat(5000)),
);
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -0, 127, 128, -1, 2 ** 53, -(2 ** 53), 2 ** 62, 2 ** 63, 1e300));
const primitive = fc.oneof(text, number, fc.boolean());
// Few names and values: those must come out of the memory of encoded attributes as they went in.
const name = fc.constantFrom('a', 'db.query.text', 'handoff.session.key', 'ключ');
const attributes = fc.dictionary(
  name,
  fc.oneof(primitive, fc.constantFrom('GET', 'POST'), fc.array(text, { maxLength: 3 }), fc.array(number, { maxLength: 3 })),
) as fc.Arbitrary<Attributes>;
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    primitive,
    fc.constant(null),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value')),
  ),
})).value;
const time = fc.tuple(fc.integer({ min: 0, max: 4_000_000_000 }), fc.integer({ min: 0, max: 999_999_999 }));
const count = fc.integer({ min: 0, max: 1000 });
const spanContext: fc.Arbitrary<SpanContext> = fc.record(
  {
    traceId: id(32),
    spanId: id(16),
    traceFlags: fc.constantFrom(TraceFlags.NONE, TraceFlags.SAMPLED),
    isRemote: fc.boolean(),
    traceState: fc.constant({ serialize: () => 'vendor=1' } as NonNullable<SpanContext['traceState']>),
  },
  { requiredKeys: ['traceId', 'spanId', 'traceFlags'] },
);

const span = fc
  .record({
    name: text,
    kind: fc.constantFrom(SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CLIENT),
    context: spanContext,
    parentSpanContext: fc.option(spanContext, { nil: undefined }),
    startTime: time,
    endTime: time,
    status: fc.constantFrom({ code: SpanStatusCode.UNSET }, { code: SpanStatusCode.OK }, { code: SpanStatusCode.ERROR, message: 'ß' }),
    attributes,
    events: fc.array(fc.record({ name: text, time, attributes, droppedAttributesCount: count }), { maxLength: 2 }),
    links: fc.array(fc.record({ context: spanContext, attributes, droppedAttributesCount: count }), { maxLength: 2 }),
    droppedAttributesCount: count,
    droppedEventsCount: count,
    droppedLinksCount: count,
    instrumentationScope: fc.constantFrom(...scopes),
  })
  .map(({ context, ...fields }) => ({ ...fields, resource, spanContext: () => context }) as unknown as ReadableSpan);

const record = fc
  .record(
    {
      hrTime: time,
      hrTimeObserved: time,
      severityNumber: fc.constantFrom(9, 17),
      severityText: fc.string({ minLength: 1 }),
      body: anyValue,
      eventName: fc.string({ minLength: 1 }),
      attributes: fc.dictionary(name, anyValue),
      droppedAttributesCount: count,
      spanContext,
      instrumentationScope: fc.constantFrom(...scopes),
    },
    { requiredKeys: ['hrTime', 'hrTimeObserved', 'attributes', 'droppedAttributesCount', 'instrumentationScope'] },
  )
  .map((fields) => ({ ...fields, resource }));

describe("encoding items one by one says the same as OpenTelemetry's codec says of the batch", () => {
  it('for spans', () => {
    const encode = createSpanEncoder();
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 5 }), (spans) => {
        const ours = exportRequest(
          spans.map((one) => ({ resource: one.resource, instrumentationScope: one.instrumentationScope, message: encode(one) })),
        );
        expect(wireTree(ours, traceRequest)).toEqual(wireTree(codecs.ProtobufTraceSerializer.serializeRequest(spans), traceRequest));
      }),
    );
  });

  it('for log records', () => {
    const encode = createLogRecordEncoder();
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        const ours = exportRequest(
          records.map((one) => ({ resource: one.resource, instrumentationScope: one.instrumentationScope, message: encode(one) })),
        );
        expect(wireTree(ours, logsRequest)).toEqual(wireTree(codecs.ProtobufLogsSerializer.serializeRequest(records), logsRequest));
      }),
    );
  });
});

describe("as JSON the items say what OpenTelemetry's codec says", () => {
  it('for spans', () => {
    const encode = createSpanEncoder();
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 5 }), (spans) => {
        const ours = exportRequest(
          spans.map((one) => ({ resource: one.resource, instrumentationScope: one.instrumentationScope, message: encode(one) })),
        );
        expect(jsonTree(requestJson(ours, 'traces'))).toEqual(jsonTree(codecs.JsonTraceSerializer.serializeRequest(spans)));
      }),
    );
  });

  it('for log records', () => {
    const encode = createLogRecordEncoder();
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        const ours = exportRequest(
          records.map((one) => ({ resource: one.resource, instrumentationScope: one.instrumentationScope, message: encode(one) })),
        );
        expect(jsonTree(requestJson(ours, 'logs'))).toEqual(jsonTree(codecs.JsonLogsSerializer.serializeRequest(records)));
      }),
    );
  });

  it('but for numbers that JSON lacks, and integers beyond 64 bits', () => {
    const [sample] = fc.sample(span, { numRuns: 1, seed: 1 });
    if (sample === undefined) throw new Error('no sample');
    const numbers = [Number.NaN, Infinity, -Infinity, 1e21, 2 ** 63, 2 ** 53 + 2, -(2 ** 53) - 2, 0.5, 7];
    const one = { ...sample, attributes: { numbers }, events: [], links: [], resource };
    const message = createSpanEncoder()(one);
    const json = Buffer.from(
      requestJson(exportRequest([{ resource, instrumentationScope: { name: 'one' }, message }]), 'traces'),
    ).toString();
    const written: unknown = JSON.parse(json, (key, value: unknown) =>
      key === 'attributes' ? ((value as { key: string; value: unknown }[]).find((pair) => pair.key === 'numbers')?.value ?? null) : value,
    );
    expect(written).toMatchObject({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  attributes: {
                    arrayValue: {
                      values: [
                        { doubleValue: 'NaN' },
                        { doubleValue: 'Infinity' },
                        { doubleValue: '-Infinity' },
                        { doubleValue: 1e21 },
                        { doubleValue: 2 ** 63 },
                        { intValue: '9007199254740994' },
                        { intValue: '-9007199254740994' },
                        { doubleValue: 0.5 },
                        { intValue: '7' },
                      ],
                    },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });
});

it('keeps encoded messages apart when many share the memory they lie in', () => {
  const encode = createSpanEncoder();
  const [sample] = fc.sample(span, { numRuns: 1, seed: 1 });
  if (sample === undefined) throw new Error('no sample');
  const messages = Array.from({ length: 500 }, (_, index) => ({
    index,
    message: encode({
      ...sample,
      name: `span ${index} ${'x'.repeat(index)}`,
      attributes: { id: `value ${index}` },
      spanContext: () => sample.spanContext(),
    }),
  }));
  for (const { index, message } of messages) {
    const text = Buffer.from(message).toString('latin1');
    expect(text).toContain(`span ${index} `);
    expect(text).toContain(`value ${index}`);
  }
});

it('an item that cannot be encoded throws and leaves the next one whole', () => {
  const encode = createLogRecordEncoder();
  const [good] = fc.sample(record, { numRuns: 1, seed: 1 });
  if (good === undefined) throw new Error('no sample');
  const expected = Buffer.from(createLogRecordEncoder()(good)).toString('hex');
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  expect(() => encode({ ...good, attributes: { cycle } })).toThrow(RangeError);
  expect(Buffer.from(encode(good)).toString('hex')).toBe(expected);
});
