import { describe, expect, it } from 'vitest';
import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import { seriesName } from '../../../../dashboards/src/names/series.js';
import { orNone, quantile, rate, share, sum } from '../../../../dashboards/src/promql/expressions.js';
import { badShare, upTo } from '../../../../dashboards/src/promql/objectives.js';

const gauge = seriesName(mcpMetrics.serverActiveRequests);

describe('expressions', () => {
  it('add up, by attributes if asked', () => {
    expect(sum('up')).toBe('sum(up)');
    expect(sum('up', ['db.namespace', 'job'])).toBe('sum by (db_namespace, job) (up)');
  });

  it('refuse the rate of a gauge', () => {
    expect(() => rate(gauge)).toThrow(`${gauge} is a upDownCounter: rate() means nothing for it.`);
  });

  it('keep the bounds of a histogram for its quantile', () => {
    expect(quantile(0.9, mcpMetrics.serverSessionDuration, [], ['job'])).toBe(
      'histogram_quantile(0.9, sum by (le, job) (rate(mcp_server_session_duration_seconds_bucket[$__rate_interval])))',
    );
  });

  it('have no value where nothing happened, and zero where nothing of the kind did', () => {
    expect(share(orNone('bad', 'all'), 'all')).toBe('(bad or all * 0) / (all > 0)');
  });
});

describe('the share of bad events', () => {
  it('counts failures by the patterns of the objective', () => {
    const expr = badShare(objectives.handoffSuccess, [], '1h');
    expect(expr).toContain('handoff_operation_name="handoff.session.handoff",error_type=~"[A-Z0-9_].*"');
    expect(badShare(objectives.toolCallAvailability, [], '1h')).toContain('error_type!~"|cancelled|connection_closed"');
  });

  it('counts slow events by the bucket of the bound, however it is written', () => {
    expect(badShare(objectives.toolCallLatency, [], '1h')).toContain(String.raw`le=~"2(\\.0)?"`);
    expect(upTo(0.5)).toEqual({ key: 'le', op: '=', value: '0.5' });
  });
});
