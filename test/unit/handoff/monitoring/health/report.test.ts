import { describe, expect, it } from 'vitest';
import { aged, rollUp } from '../../../../../src/handoff/monitoring/health/report.js';
import type { AgedResult } from '../../../../../src/handoff/monitoring/health/report.js';
import type { HealthState } from '../../../../../src/telemetry/catalogue/health.js';

function result(status: HealthState, isCritical: boolean, extra: Partial<AgedResult> = {}): AgedResult {
  return { name: 'redis', isCritical, status, details: {}, latencyMs: 1, atMs: 0, ageMs: 0, ...extra };
}

describe('the roll-up', () => {
  it.each<[string, AgedResult[], HealthState]>([
    ['nothing was looked at', [], 'healthy'],
    ['all are healthy', [result('healthy', true), result('healthy', false)], 'healthy'],
    ['a part that the server can do without is unhealthy', [result('healthy', true), result('unhealthy', false)], 'degraded'],
    ['a critical part is degraded', [result('degraded', true)], 'degraded'],
    ['a critical part is unhealthy', [result('degraded', false), result('unhealthy', true)], 'unhealthy'],
  ])('when %s', (_when, results, expected) => {
    expect(rollUp(results).status).toBe(expected);
  });

  it('names the worst part, and of several the first', () => {
    const parts = [
      result('degraded', false, { name: 'jobs', reason: 'overdue', advice: 'Run it.' }),
      result('unhealthy', false, { name: 'redis', reason: 'unreachable', advice: 'Start Redis.' }),
      result('unhealthy', true, { name: 'database', reason: 'read_only', advice: 'Use the primary.' }),
      result('unhealthy', true, { name: 'memory', reason: 'heap_nearly_full', advice: 'Raise it.' }),
    ];
    expect(rollUp(parts)).toMatchObject({ status: 'unhealthy', reason: 'read_only', advice: 'Use the primary.' });
    expect(rollUp(parts.slice(0, 2))).toMatchObject({ status: 'degraded', reason: 'unreachable' });
    expect(rollUp([result('healthy', false, { reason: 'in_process' })])).not.toHaveProperty('reason');
  });
});

describe('the age', () => {
  it('makes a healthy result stale after three intervals', () => {
    expect(aged(result('healthy', true), 90_000, 30_000)).toMatchObject({ status: 'healthy', ageMs: 90_000 });
    expect(aged(result('healthy', true), 90_001, 30_000)).toMatchObject({ status: 'degraded', reason: 'stale', ageMs: 90_001 });
  });

  it('does not hide what was worse', () => {
    expect(aged(result('unhealthy', true, { reason: 'read_only' }), 900_000, 30_000)).toMatchObject({
      status: 'unhealthy',
      reason: 'read_only',
    });
  });
});
