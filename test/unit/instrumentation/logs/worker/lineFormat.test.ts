import { ROOT_CONTEXT, SeverityNumber, TraceFlags, trace } from '@opentelemetry/api';
import type { LogRecord } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { LineFormat } from '../../../../../src/instrumentation/logs/worker/lineFormat.js';

const NO_LIMITS = { attributeCountLimit: 128, attributeValueLengthLimit: Infinity };
const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };
const inSpan = trace.setSpanContext(ROOT_CONTEXT, SPAN);
const format = (limits = NO_LIMITS): LineFormat => new LineFormat(() => 1_700_000_000_123, limits);
const RECORD: LogRecord = {
  severityNumber: SeverityNumber.WARN,
  severityText: 'notice',
  timestamp: 1_700_000_000_500.25,
  body: 'text',
  attributes: { a: 1, nested: { b: ['c'] } },
  eventName: 'e',
  context: inSpan,
};

describe('a line for the transport', () => {
  it('has time as seconds and nanoseconds, flags as a number, and all three trace fields', () => {
    const { line } = format().encode(RECORD);
    expect(JSON.parse(line)).toEqual({
      a: 1,
      nested: { b: ['c'] },
      'event.name': 'e',
      level: 1000,
      time: [1_700_000_000, 500_250_000],
      'handoff-otel.body': 'text',
      trace_id: SPAN.traceId,
      span_id: SPAN.spanId,
      trace_flags: 1,
    });
  });

  it('has no trace fields outside a span, and the time of now without one', () => {
    const line = JSON.parse(format().encode({ body: 'b', context: ROOT_CONTEXT }).line) as object;
    expect(line).toEqual({ level: 1000, time: [1_700_000_000, 123_000_000], 'handoff-otel.body': 'b' });
  });

  it('has the time it was given in whatever form, to the nanosecond, and now for what is no time', () => {
    const time = (timestamp: NonNullable<LogRecord['timestamp']>): unknown =>
      (JSON.parse(format().encode({ ...RECORD, timestamp }).line) as { time: unknown }).time;
    expect(time([1_600_000_000, 123_456_789])).toEqual([1_600_000_000, 123_456_789]);
    expect(time(new Date(1_600_000_000_007))).toEqual([1_600_000_000, 7_000_000]);
    expect(time(Number.NaN)).toEqual([1_700_000_000, 123_000_000]);
  });

  it('has numbers that JSON lacks, or that no receiver takes, as text', () => {
    const attributes = {
      nan: Number.NaN,
      infinite: -Infinity,
      large: 1e21,
      edge: 2 ** 63,
      deep: { list: [Infinity, 1, 'a'], n: 2 },
      fine: [0.5, 2 ** 53],
    };
    expect(JSON.parse(format().encode({ ...RECORD, attributes }).line)).toMatchObject({
      nan: 'NaN',
      infinite: '-Infinity',
      large: '1e+21',
      edge: '9223372036854776000',
      deep: { list: ['Infinity', 1, 'a'], n: 2 },
      fine: [0.5, 2 ** 53],
    });
  });

  it('names each pair of severity and text once', () => {
    const lines = format();
    expect(lines.encode(RECORD).level).toEqual([1000, SeverityNumber.WARN, 'notice']);
    expect(lines.encode(RECORD).level).toBeUndefined();
    expect(lines.encode({ ...RECORD, severityText: 'warn' }).level).toEqual([1001, SeverityNumber.WARN, 'warn']);
  });

  it('does not grow with the number of texts', () => {
    const lines = format();
    const named = Array.from({ length: 1000 }, (_, index) => lines.encode({ ...RECORD, severityText: `level ${index}` })).filter(
      ({ level }) => level !== undefined,
    );
    expect(named).toHaveLength(200);
    expect(JSON.parse(lines.encode({ ...RECORD, severityText: 'another' }).line)).toMatchObject({ level: 1000 });
  });

  it('keeps to the limits of OTEL_LOGRECORD_*', () => {
    const { line } = format({ attributeCountLimit: 1, attributeValueLengthLimit: 2 }).encode({
      body: 'b',
      attributes: { a: 'long', b: 2 },
      context: ROOT_CONTEXT,
    });
    expect(JSON.parse(line)).toMatchObject({ a: 'lo' });
    expect(JSON.parse(line)).not.toHaveProperty('b');
  });

  it('can be turned back into its record', () => {
    const lines = format();
    const { context: decodedContext = ROOT_CONTEXT, ...rest } = lines.decode(lines.encode(RECORD).line);
    const { context: _context, ...expected } = RECORD;
    expect(rest).toEqual({ ...expected, timestamp: [1_700_000_000, 500_250_000] });
    expect(trace.getSpanContext(decodedContext)).toEqual(SPAN);
  });
});
