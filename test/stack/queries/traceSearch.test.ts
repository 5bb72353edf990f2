import { describe, expect, it } from 'vitest';
import { sampleSpan } from './samples.js';
import { searchTraces } from './traceSearch.js';

const spans = [
  sampleSpan({ spanId: 'a', attributes: { 'gen_ai.tool.name': 'buy', 'server.port': 80 }, durationS: 3, status: 2 }),
  sampleSpan({
    spanId: 'b',
    parentSpanId: 'a',
    name: 'INSERT',
    kind: 3,
    events: [{ name: 'exception', attributes: { 'exception.type': 'E' } }],
  }),
  sampleSpan({ spanId: 'c', parentSpanId: 'b', name: 'wait', kind: 1 }),
  sampleSpan({ traceId: 't2', spanId: 'd', attributes: { 'gen_ai.tool.name': 'sell' } }),
];
const found = (query: string): string =>
  searchTraces(query, spans)
    .spans.map(({ spanId }) => spanId)
    .join('');

describe('searchTraces', () => {
  it.each([
    ['{}', 'abcd'],
    ['{ span.gen_ai.tool.name = "buy" }', 'a'],
    ['{ .gen_ai.tool.name =~ "buy|sell" && resource.service.name = "shop" }', 'ad'],
    ['{ span.gen_ai.tool.name !~ "b.*" }', 'd'],
    ['{ span.gen_ai.tool.name = nil && kind = client }', 'b'],
    ['{ span.gen_ai.tool.name != nil }', 'ad'],
    ['{ duration > 2s }', 'a'],
    ['{ duration < 1500ms && !(kind = server) }', 'bc'],
    ['{ status = error || name = "wait" }', 'ac'],
    ['{ span.server.port >= 80 }', 'a'],
    ['{ event:name = "exception" && event.exception.type = "E" }', 'b'],
    ['{ rootServiceName = "shop" && trace:duration >= 3s }', 'abc'],
    ['{ kind = server } > { kind = client }', 'b'],
    ['{ kind = server } >> { kind = internal }', 'c'],
    ['{ name = "wait" } && { status = error }', 'ca'],
    ['{ kind = server } | count() > 0 | select(span.gen_ai.tool.name)', 'ad'],
    ['{ } | count() >= 3', 'abc'],
    ['{ kind = server } | rate() by (span.gen_ai.tool.name)', 'ad'],
    ['{ kind = server } | quantile_over_time(duration, .95) with (exemplars=true)', 'ad'],
  ])('finds by %s the spans %s', (query, expected) => {
    expect(found(query)).toBe(expected);
    expect(searchTraces(query, spans).faults).toEqual([]);
  });

  it('distinguishes a number from the text of a number, as Tempo does', () => {
    expect(found('{ span.server.port = "80" }')).toBe('');
    expect(found('{ span.server.port = 80 }')).toBe('a');
  });

  it('says how many spans meet each condition when none meets all', () => {
    expect(searchTraces('{ kind = server && span.tool = "buy" }', spans).faults).toEqual([
      'nothing is found among 4 spans',
      'kind = server: 2 spans',
      'span.tool = "buy": 0 spans',
    ]);
  });

  it('says which column or group no span has', () => {
    expect(searchTraces('{ kind = server } | select(span.tool)', spans).faults).toEqual(['none of the 2 spans found has span.tool']);
    expect(searchTraces('{ kind = server } | rate() by (resource.tool)', spans).faults).toEqual([
      'none of the 2 spans found has resource.tool',
    ]);
  });

  it.each(['{ span.a = }', '{ nonsense = 1 }', '{ kind = server } | nonsense()'])('refuses what is not TraceQL: %s', (query) => {
    expect(() => searchTraces(query, spans)).toThrow('not traceql');
  });
});
