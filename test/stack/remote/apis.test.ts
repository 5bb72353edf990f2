import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CallRecord } from '../workload/calls.js';
import { Asker } from './asker.js';
import { reasonForNothing } from './askedPrograms.js';
import { expectWhole } from './checkTempo.js';
import { startFakeBackEnd } from './fakeBackEnd.js';
import { GrafanaApi } from './grafanaApi.js';
import { LokiApi } from './lokiApi.js';
import { PrometheusApi } from './prometheusApi.js';
import { TempoApi } from './tempoApi.js';

// The programs themselves are asked by `npm run prove stack`; here, only what is made of answers in the shapes that they document.

const dir = mkdtempSync(join(tmpdir(), 'handoff-asker-'));
const logFile = join(dir, 'log');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
const TRACE = '00000000000000000af7651916cd43dd';

function protobufSpan(spanId: string, parentSpanId: string, kind: string, attributes: readonly object[] = []): object {
  const times = { startTimeUnixNano: '1000000000', endTimeUnixNano: '3500000000' };
  return { traceId: base64(TRACE), spanId: base64(spanId), parentSpanId: base64(parentSpanId), name: 'a', kind, ...times, attributes };
}

describe('Tempo', () => {
  const method = [attribute('mcp.method.name', 'tools/call')];
  const spans = [
    protobufSpan('0000000000000001', '', 'SPAN_KIND_INTERNAL'),
    protobufSpan('0000000000000002', '0000000000000001', 'SPAN_KIND_CLIENT', method),
    protobufSpan('0000000000000003', '0000000000000002', 'SPAN_KIND_SERVER', method),
  ];
  const resource = { attributes: [attribute('service.name', 'shop')] };
  const call: CallRecord = { id: 1, traceId: TRACE, outcome: 'success', method: 'tools/call', target: 'buy', durationMs: 1 };

  it.each([
    ['the second version of the answer', { trace: { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 's' }, spans }] }] } }],
    ['the first one', { batches: [{ resource, scopeSpans: [{ spans }] }] }],
  ])('gives a trace, by %s', async (_, answer) => {
    await using fake = await startFakeBackEnd(({ path }) =>
      'trace' in answer === path.startsWith('/api/v2/') ? { body: answer } : { status: 404, body: 'trace not found' },
    );
    const members = await new TempoApi(new Asker(fake.url, logFile)).trace(TRACE);
    expect(members.map(({ spanId, kind, durationS }) => [spanId, kind, durationS])).toEqual([
      ['0000000000000001', 1, 2.5],
      ['0000000000000002', 3, 2.5],
      ['0000000000000003', 2, 2.5],
    ]);
    expect(members[0]?.resource).toEqual({ 'service.name': 'shop' });
    expect(() => expectWhole(call, members)).not.toThrow();
    expect(() => expectWhole(call, members.slice(1))).toThrow('0 roots, 1 client spans, 1 server spans beneath, 1 without parent');
  });

  it('says that a trace is not there', async () => {
    await using fake = await startFakeBackEnd(() => ({ status: 404, body: 'trace not found' }));
    await expect(new TempoApi(new Asker(fake.url, logFile)).trace('ab')).rejects.toThrow('the trace ab was answered 404: trace not found');
  });

  it('gets its leading zeros back', async () => {
    await using fake = await startFakeBackEnd(() => ({ body: { traces: [{ traceID: 'af7651916cd43dd', rootServiceName: 'shop' }] } }));
    const found = await new TempoApi(new Asker(fake.url, logFile)).search('{}', 1000, 2000);
    expect(found).toEqual([{ traceId: TRACE, rootServiceName: 'shop' }]);
    expect(Object.fromEntries(fake.asked[0]?.query ?? [])).toMatchObject({ q: '{}', start: '1', end: '3' });
  });
});

describe('Loki', () => {
  it('gives lines with labels of both kinds, and series', async () => {
    const streams = [{ stream: { service_name: 'shop' }, values: [['1', 'a line', { structuredMetadata: { trace_id: 'ab' } }]] }];
    const matrix = [
      {
        metric: { level: 'info' },
        values: [
          [1, '2'],
          [2, '5'],
        ],
      },
    ];
    await using fake = await startFakeBackEnd(({ query }) => {
      const isMetric = query.get('query')?.startsWith('sum') === true;
      return {
        body: { status: 'success', data: isMetric ? { resultType: 'matrix', result: matrix } : { resultType: 'streams', result: streams } },
      };
    });
    const loki = new LokiApi(new Asker(fake.url, logFile));
    expect((await loki.query('{a="b"}', 1, 2)).lines).toEqual([
      { timestampNs: '1', line: 'a line', labels: { service_name: 'shop', trace_id: 'ab' } },
    ]);
    expect((await loki.query('sum(rate({a="b"}[1m]))', 1, 2)).series).toEqual([{ labels: { level: 'info' }, value: 5 }]);
    expect(fake.asked[0]?.query.get('start')).toBe('1000000');
  });
});

describe('Prometheus', () => {
  const has = (known: readonly string[]) =>
    startFakeBackEnd(({ body }) => {
      const query = new URLSearchParams(body).get('query') ?? '';
      const result = known.includes(query.replace(/^count\((.*)\)$/, '$1')) ? [{ metric: {}, value: [1, '3'] }] : [];
      return { body: { status: 'success', data: { resultType: 'vector', result } } };
    });

  it.each([
    ['rate(otelcol_exporter_send_failed_spans_total[1m])', 'the collector has this series from its first failure on'],
    ['tempo_build_info{a="b"}', 'this Prometheus has no tempo_build_info: it scrapes no such program'],
  ])('has a reason for nothing: %s', async (query, reason) => {
    await using fake = await has([]);
    expect(await reasonForNothing(query, new PrometheusApi(new Asker(fake.url, logFile)))).toMatchObject({ reason });
  });

  it.each([
    ['sum(m_total{a="b",c="d"})', ['m_total', 'm_total{a="b"}'], 'm_total{a="b",c="d"}: nothing, because of c="d"'],
    ['m_total', [], 'm_total: nothing, and no series of this name'],
    ['tempo_nonsense', ['{__name__=~"tempo_.*"}'], 'tempo_nonsense: nothing, and no series of this name'],
    ['m_total > 5', ['m_total'], 'm_total: 3 series'],
  ])('has none: %s', async (query, known, complaint) => {
    await using fake = await has(known);
    await expect(reasonForNothing(query, new PrometheusApi(new Asker(fake.url, logFile)))).rejects.toThrow(complaint);
  });
});

describe('Grafana', () => {
  const target = { refId: 'B', expr: 'up', datasource: { type: 'prometheus', uid: 'p' } };
  const ask = (url: string): Promise<number> => new GrafanaApi(new Asker(url, logFile)).query({ target, fromMs: 1, toMs: 2 });

  it('counts the frames with values', async () => {
    const frames = [{ data: { values: [[1], [2]] } }, { data: { values: [] } }];
    await using fake = await startFakeBackEnd(() => ({ body: { results: { B: { status: 200, frames } } } }));
    expect(await ask(fake.url)).toBe(1);
    expect(JSON.parse(fake.asked[0]?.body ?? '')).toMatchObject({ queries: [{ refId: 'B', expr: 'up' }], from: '1', to: '2' });
  });

  it.each([
    [400, { results: { B: { error: 'bad_data: parse error', status: 400 } } }, 'bad_data: parse error'],
    [403, { message: 'no access' }, '/api/ds/query was answered 403'],
  ])('passes on what it says with %d', async (status, body, complaint) => {
    await using fake = await startFakeBackEnd(() => ({ status, body }));
    await expect(ask(fake.url)).rejects.toThrow(complaint);
  });
});

describe('Asker', () => {
  it('writes down what was asked and answered, and what got no answer', async () => {
    const fake = await startFakeBackEnd(() => ({ status: 500, body: 'broken' }));
    const asker = new Asker(fake.url, logFile);
    await expect(asker.json('/a', { form: { q: 'x' } })).rejects.toThrow('/a was answered 500: broken');
    await fake[Symbol.asyncDispose]();
    await expect(asker.json('/b')).rejects.toThrow(`GET ${fake.url}/b got no answer`);
    const log = readFileSync(logFile, 'utf8');
    expect(log).toContain(`POST ${fake.url}/a\n  sent: q=x\n`);
    expect(log).toContain('500 broken');
  });
});
