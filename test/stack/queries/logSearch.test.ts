import { describe, expect, it } from 'vitest';
import { searchLogs } from './logSearch.js';
import { sampleLog } from './samples.js';

const logs = [
  sampleLog({ body: 'one', attributes: { 'event.name': 'e.one', durationMs: 5, success: true } }),
  sampleLog({ body: 'two', severityNumber: 17, severityText: 'error', attributes: { 'error.type': 'E', durationMs: 50 } }),
  sampleLog({ body: '{"answer":"42"}', traceId: 't2', resource: { 'service.name': 'other' } }),
];
const found = (query: string): string =>
  searchLogs(query, logs)
    .entries.map(({ line }) => line)
    .join(' ');

describe('searchLogs', () => {
  it.each([
    ['{service_name=~".+"}', 'one two {"answer":"42"}'],
    ['{service_name="shop"} |= "o" != "two"', 'one'],
    ['{service_name="shop"} |~ "(?i)TW."', 'two'],
    ['{service_name="shop"} | trace_id="t1" | detected_level=~"error|fatal"', 'two'],
    ['{service_name="shop"} | event_name="e.one" and success="true"', 'one'],
    ['{service_name="shop"} | error_type!="" or durationMs < 10', 'one two'],
    ['{service_name="shop"} | durationMs > 40ms or (host_name="b" and success="true")', ''],
    ['{service_name="other"} | json | answer="42" | line_format "{{.answer}}"', '{"answer":"42"}'],
    ['sum by (service_name) (count_over_time({service_name=~".+"} | severity_text="error" [5m]))', 'two'],
    ['quantile_over_time(0.95, {service_name="shop"} | unwrap durationMs | __error__="" [5m]) by (error_type)', 'one two'],
    ['sum(rate({service_name="shop"}[1m])) / sum(rate({service_name="other"}[1m]))', 'one two {"answer":"42"}'],
  ])('finds by %s the lines %s', (query, expected) => {
    expect(found(query)).toBe(expected);
  });

  it('looks between the braces only at the labels of the index', () => {
    expect(searchLogs('{trace_id="t1"}', logs).faults).toEqual(['trace_id="t1" leaves none of 3 lines']);
    expect(searchLogs('{service_name="shop"} | trace_id="t1"', logs).faults).toEqual([]);
  });

  it('says which stage leaves nothing', () => {
    expect(searchLogs('{service_name="shop"} | event_name="e.one" | error_type="E"', logs).faults).toEqual([
      'error_type="E" leaves none of 1 lines',
    ]);
    expect(searchLogs('sum(rate({service_name="shop"}[1m])) / sum(rate({service_name="gone"}[1m]))', logs).faults).toEqual([
      'service_name="gone" leaves none of 3 lines',
    ]);
  });

  it('says which label of a grouping no line has', () => {
    expect(searchLogs('sum by (tool) (rate({service_name="shop"}[1m]))', logs).faults).toEqual([
      'none of the 2 lines found has the label tool',
    ]);
  });

  it('refuses what is not LogQL', () => {
    expect(() => searchLogs('{service_name=}', logs)).toThrow('not logql');
  });
});
