import { describe, expect, it } from 'vitest';
import { boardOf } from './boards.js';
import { correlationsOf, logsQuery, metricsQueries, readDataSources } from './datasources.js';
import { fill, valuesOf } from './variables.js';

const board = boardOf({
  uid: 'b',
  title: 'B',
  templating: {
    list: [
      { name: 'prometheus', type: 'datasource', query: 'prometheus', current: { value: 'prometheus' } },
      { name: 'server', type: 'query', query: { query: 'label_values(target_info{a="b"}, job)' }, current: { value: 'x' } },
      { name: 'tool', type: 'query', query: 'label_values(m, tool)', includeAll: true, allValue: '.+' },
      { name: 'several', type: 'query', query: 'label_values(m, job)', includeAll: true, multi: true },
      { name: 'status', type: 'custom', query: 'one,two', current: { value: 'one' } },
      { name: 'kind', type: 'custom', query: 'one, two', includeAll: true },
      { name: 'search', type: 'textbox', query: '' },
    ],
  },
  panels: [
    { title: 'first', datasource: { type: 'prometheus' }, targets: [{ refId: 'B', expr: 'up', instant: true }] },
    { type: 'row', panels: [{ title: 'inner', targets: [{ datasource: { type: 'tempo' }, query: '{}' }] }] },
    { title: 'text' },
  ],
});
const values = valuesOf(board, {
  services: ['shop', 'cart'],
  fromMs: 1_000_000,
  toMs: 2_000_000,
  intervalMs: 15_000,
  rateIntervalMs: 60_000,
});

describe('boardOf', () => {
  it('reads the queries of all panels, those of collapsed rows too', () => {
    const read = board.queries.map(({ panel, refId, language, text, isInstant }) => [panel, refId, language, text, isInstant]);
    expect(read).toEqual([
      ['first', 'B', 'promql', 'up', true],
      ['inner', 'A', 'traceql', '{}', false],
    ]);
  });
});

describe('fill', () => {
  it('puts in the service for the variable that lists services, and what Grafana would for the others', () => {
    const query = 'rate(m{job="$server",tool=~"${tool:regex}",s="[[status]]"}[$__rate_interval]) > ${__range_s} + $__interval_ms';
    expect(fill(query, values)).toBe('rate(m{job="shop",tool=~".+",s="one"}[60s]) > 1000 + 15000');
  });

  it('puts in several services where several can be chosen, all of a written list, and nothing for an empty text', () => {
    expect(fill('$several $kind <$search>', values)).toBe('(shop|cart) (one|two) <>');
  });

  it('leaves the groups of label_replace alone', () => {
    expect(fill('label_replace(m, "a", "$1", "b", "(.*)")', values)).toBe('label_replace(m, "a", "$1", "b", "(.*)")');
  });

  it('names a variable that the dashboard lacks', () => {
    expect(() => fill('m{a="$nobody"}', values)).toThrow('$nobody');
  });
});

describe('the provisioned correlations', () => {
  it('are filled with the tags of a span', () => {
    const { traceToLogs, traceToMetrics } = correlationsOf(readDataSources());
    const tags = { 'service.name': 'shop' };
    expect(logsQuery(traceToLogs, 'abc', tags)).toContain('service_name="shop"');
    expect(logsQuery(traceToLogs, 'abc', tags)).toContain('"abc"');
    const queries = metricsQueries(traceToMetrics, tags, '1m');
    expect(queries.filter((query) => !query.includes('="shop"') || query.includes('$'))).toEqual([]);
    expect(queries.length).toBeGreaterThan(1);
  });
});
