import { describe, expect, it } from 'vitest';
import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { foreignMetrics } from '../../../../dashboards/src/names/foreign.js';
import { foreignRuleMetrics } from '../../../../dashboards/src/names/foreignRules.js';
import { differs, equals, matches, matchesNot, selector } from '../../../../dashboards/src/names/selectors.js';
import { bucketSeries, countSeries, labelName, seriesName, sumSeries } from '../../../../dashboards/src/names/series.js';

const calls = mcpMetrics.serverOperationDuration;

describe('names of series and labels', () => {
  it('are those of the catalogue in Prometheus', () => {
    expect(bucketSeries(calls)).toBe('mcp_server_operation_duration_seconds_bucket');
    expect(countSeries(calls)).toBe('mcp_server_operation_duration_seconds_count');
    expect(sumSeries(calls)).toBe('mcp_server_operation_duration_seconds_sum');
    expect(seriesName(mcpMetrics.serverActiveRequests)).toBe('handoff_mcp_server_active_requests');
  });

  it('are refused for parts that a metric does not have', () => {
    expect(() => countSeries(mcpMetrics.serverActiveRequests)).toThrow('is a upDownCounter and has no _count: use seriesName()');
  });

  it.each([
    ['gen_ai.tool.name', 'gen_ai_tool_name'],
    ['already_a_label', 'already_a_label'],
    ['__name__', '__name__'],
    ['_private', 'key_private'],
    ['2xx', 'key_2xx'],
    ['a-b c', 'a_b_c'],
  ])('of the attribute %s is %s', (key, label) => {
    expect(labelName(key)).toBe(label);
  });
});

describe('selector', () => {
  it('joins conditions and escapes their values', () => {
    const matchers = [
      equals('mcp.method.name', 'a"b\\c'),
      differs('error.type', ''),
      matches('job', '$service'),
      matchesNot('instance', 'x'),
    ];
    expect(selector(countSeries(calls), matchers)).toBe(
      String.raw`mcp_server_operation_duration_seconds_count{mcp_method_name="a\"b\\c",error_type!="",job=~"$service",instance!~"x"}`,
    );
    expect(selector('up')).toBe('up');
  });

  it('refuses series and labels that nobody records', () => {
    expect(() => selector('mcp_server_calls_total')).toThrow('No metric has the series mcp_server_calls_total');
    expect(() => selector(countSeries(calls), [equals('db.namespace', 'x')])).toThrow('has no label db_namespace');
    expect(() => selector(countSeries(calls), [equals('le', '2')])).toThrow('has no label le');
  });
});

describe('metrics of other programs', () => {
  it('are listed once, with names that Prometheus accepts', () => {
    const names = [...foreignMetrics, ...foreignRuleMetrics].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
  });
});
