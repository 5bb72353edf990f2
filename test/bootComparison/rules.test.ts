import { describe, expect, it } from 'vitest';
import { bootstraps } from './bootstraps/all.js';
import type { LogSeen, PointSeen, SpanSeen } from './lab/collector.js';
import { programText } from './lab/program.js';
import { emptyEnvelopes, readEnvelope } from './lab/sentryEnvelope.js';
import { coverage, undoubled } from './rows/coverage.js';
import { hidden } from './rows/guards.js';
import { statusOf } from './rows/host.js';
import { delivered, inTime } from './rows/lifecycle.js';
import { exemplars, poolCounts } from './rows/metrics.js';
import { median } from './startUp.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const resource = { attributes: {} };

function span(name: string, attributes: SpanSeen['attributes'] = {}, traceId = TRACE): SpanSeen {
  return { name, traceId, spanId: name, attributes, status: { code: 'UNSET' }, events: [], resource };
}

const parent = span('parent');
const query = span('pg.query', { 'db.system.name': 'postgresql' });
const command = span('set', { 'db.system': 'redis' });
const record: LogSeen = { body: 'a line', traceId: TRACE, attributes: {} };
const line = `{"msg":"a line","trace_id":"${TRACE}"}`;

describe('coverage', () => {
  it.each([
    ['everything', { spans: [parent, query, command], logs: [record], lines: [] }, 'Y'],
    ['a line instead of a record', { spans: [parent, query, command], logs: [], lines: [line] }, 'Y'],
    ['no record', { spans: [parent, query, command], logs: [], lines: ['{"msg":"a line"}'] }, 'P'],
    ['a connection, but no query', { spans: [parent, span('pg.connect', { 'db.system': 'postgresql' })], logs: [], lines: [] }, '-'],
    ['spans of another trace', { spans: [parent, span('set', { 'db.system': 'redis' }, 'f'.repeat(32))], logs: [], lines: [] }, '-'],
    ['nothing', { spans: [], logs: [record], lines: [line] }, '-'],
  ])('of %s', (_what, seen, cell) => {
    expect(coverage(seen).cell).toBe(cell);
  });

  it('counts what comes twice, in one run of several', () => {
    const once = { spans: [parent, query, command], logs: [record], lines: [line] };
    expect(undoubled([once, once])).toEqual({ cell: 'Y', observed: 'each once' });
    expect(undoubled([once, { ...once, spans: [...once.spans, { ...query, spanId: 'other' }] }])).toEqual({
      cell: '-',
      observed: 'twice: pg',
    });
    expect(undoubled([{ spans: [parent], logs: [], lines: [] }]).cell).toBe('n.a.');
  });
});

describe('content', () => {
  it('is found in any letter case and depth', () => {
    expect(hidden([{ a: [{ b: 'x QZLITERALQZ' }] }], ['qzliteralqz'], '')).toEqual({ cell: '-', observed: 'shown: literal' });
    expect(hidden([{ a: 1n }], ['qzliteralqz'], '').cell).toBe('Y');
    expect(hidden([], ['qzliteralqz'], 'nothing')).toEqual({ cell: 'n.a.', observed: 'nothing' });
  });
});

describe('metrics', () => {
  const point = (metric: string, value: number, state: string, ms: number): PointSeen => ({
    metric,
    kind: 'sum',
    value,
    attributes: { 'db.client.connection.state': state },
    timeUnixNano: BigInt(ms) * 1_000_000n,
    resource,
  });
  const first = [
    point('db.client.connection.count', 2, 'used', 1000),
    point('db.client.connection.count', 1, 'used', 1001),
    point('db.client.connection.count', 5, 'idle', 1001),
  ];

  it('of pools must add up in one export', () => {
    expect(poolCounts({ points: [...first, point('db.client.connection.pending_requests', 1, '', 1002)] }).cell).toBe('Y');
    expect(
      poolCounts({ points: [point('db.client.connection.count', 2, 'used', 1000), point('db.client.connection.count', 1, 'used', 2000)] })
        .cell,
    ).toBe('P');
    expect(poolCounts({ points: [] }).cell).toBe('-');
  });

  it('have exemplars when a trace id is in their bytes', () => {
    expect(exemplars({ spans: [parent], metricBodies: [Buffer.concat([Buffer.from([1, 2]), Buffer.from(TRACE, 'hex')])] }).cell).toBe('Y');
    expect(exemplars({ spans: [parent], metricBodies: [Buffer.from('none')] }).cell).toBe('-');
    expect(exemplars({ spans: [parent], metricBodies: [] }).cell).toBe('n.a.');
  });
});

describe('endings', () => {
  it('deliver both, one or none', () => {
    const last = { body: 'last line', attributes: {} };
    expect(delivered({ spans: [span('last')], logs: [last] }).cell).toBe('Y');
    expect(delivered({ spans: [span('last')], logs: [] }).cell).toBe('P');
    expect(delivered({ spans: [parent], logs: [record] }).cell).toBe('-');
  });

  it('are in time or not', () => {
    expect(inTime({ 'natural end': 2100, SIGTERM: 10_200 })).toEqual({ cell: 'P', observed: 'natural end 2 s, SIGTERM 10 s' });
    expect(inTime({ 'natural end': 20_000 })).toEqual({ cell: '-', observed: 'natural end never' });
  });
});

describe('reports', () => {
  const said = { reports: {}, stdout: '', stderr: '' };

  it('of a function count more than a line', () => {
    expect(statusOf({ ...said, reports: { status: '[{"name":"pg"},{"name":"ioredis"},{"name":"pino"}] queued' } }, '1.2.3').cell).toBe('Y');
    expect(statusOf({ ...said, stderr: 'version 1.2.3' }, '1.2.3').cell).toBe('P');
    expect(statusOf(said, '1.2.3').cell).toBe('-');
  });
});

it('envelopes of Sentry are read as spans, records and points', () => {
  const into = emptyEnvelopes();
  const items = (type: string, item: object): string => `${JSON.stringify({ type })}\n${JSON.stringify({ items: [item] })}`;
  readEnvelope(
    [
      '{}',
      items('span', { name: 'parent', trace_id: TRACE, span_id: 's', attributes: { 'db.system.name': { value: 'redis' } } }),
      items('log', { body: 'a line', trace_id: TRACE }),
      items('trace_metric', { name: 'm', type: 'gauge', value: 1 }),
    ].join('\n'),
    into,
  );
  expect(into.spans).toMatchObject([{ name: 'parent', traceId: TRACE, attributes: { 'db.system.name': 'redis' } }]);
  expect(into.logs).toMatchObject([{ body: 'a line', traceId: TRACE }]);
  expect(into.points).toMatchObject([{ metric: 'm', kind: 'gauge', value: 1 }]);
});

describe.each(bootstraps.map((each) => [each.title, each] as const))('programs under %s', (_title, bootstrap) => {
  it.each(['module', 'commonjs'] as const)('start it once, where the order says: %s', (format) => {
    const at = (order: 'libraries first' | 'package first' | 'preload'): number =>
      programText(bootstrap, { format, order, work: '' }).indexOf(bootstrap.start[format]);
    expect(at('package first')).toBeLessThan(at('libraries first'));
    expect(at('preload')).toBe(-1);
    const text = programText(bootstrap, { format, order: 'libraries first', work: '' });
    expect(text.match(/const (?:\{ [^}]*)?\bflush\b/g)).toHaveLength(1);
  });
});

it('medians are of the sorted values', () => {
  expect(median([30, 1, 2])).toBe(2);
});
