import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { degraded, healthy, unhealthy } from '../../../../../src/handoff/monitoring/health/finding.js';
import type { Finding } from '../../../../../src/handoff/monitoring/health/finding.js';
import { HealthReports } from '../../../../../src/handoff/monitoring/health/healthReports.js';
import type { HealthComponent } from '../../../../../src/telemetry/catalogue/health.js';
import { points } from '../../../telemetry/points.js';
import { Recording } from '../../../telemetry/recording.js';

let recording: Recording;
let reports: HealthReports;
beforeEach(() => {
  recording = new Recording();
  reports = new HealthReports(recording.log, recording.meter);
});
afterEach(() => recording.dispose());

const found = (name: HealthComponent, atS: number, finding: Finding): void =>
  reports.result({ ...finding, name, isCritical: false, latencyMs: 1, atMs: atS * 1000 }, finding.status);

describe('since when', () => {
  it('is the time of the first check with that state', async () => {
    found('redis', 100, healthy());
    found('redis', 130, healthy());
    expect(await points(recording)).toMatchObject({ 'handoff.health.since redis': 100, 'handoff.health.since overall': 100 });
    found('redis', 160, unhealthy('timed_out', 'wait'));
    found('redis', 165, unhealthy('unreachable', 'look'));
    expect(await points(recording)).toMatchObject({ 'handoff.health.since redis': 160, 'handoff.health.since overall': 160 });
  });
});

describe('the reason', () => {
  it('is that of the last check, and those before it are no more', async () => {
    found('redis', 1, unhealthy('timed_out', 'wait'));
    found('redis', 2, unhealthy('unreachable', 'look'));
    expect(await points(recording)).toMatchObject({
      'handoff.health.reason redis timed_out': 0,
      'handoff.health.reason redis unreachable': 1,
    });
    found('redis', 3, healthy());
    expect(await points(recording)).toMatchObject({
      'handoff.health.reason redis timed_out': 0,
      'handoff.health.reason redis unreachable': 0,
    });
  });

  it('is none for a healthy part, whatever it says', async () => {
    found('archive', 1, healthy({}, 'not_configured'));
    expect(Object.keys(await points(recording)).filter((name) => name.startsWith('handoff.health.reason'))).toEqual([]);
  });
});

describe('what is used of a limit', () => {
  it('is a share, of what was measured', async () => {
    found('memory', 1, degraded('heap_nearly_full', 'look', { heapPercent: 82.5 }));
    found('disk', 1, healthy({ usedPercent: 12, freeBytes: 5 }));
    const shown = await points(recording);
    expect(shown).toMatchObject({ 'handoff.resource.utilization heap': 0.825, 'handoff.resource.utilization disk': 0.12 });
    expect(shown).not.toHaveProperty('handoff.resource.utilization memory');
  });
});

describe('the log', () => {
  const told = (): readonly unknown[] =>
    recording.records.map(({ fields }) => [fields['handoff.component.state'], fields['handoff.component.reason'] ?? ''].join(' '));

  it('has each finding of an outage once in ten minutes, also of a part that goes back and forth between them', () => {
    found('database', 0, healthy());
    for (let atS = 10; atS < 600; atS += 10)
      found('database', atS, atS % 20 === 0 ? unhealthy('timed_out', 'wait') : unhealthy('too_many_connections', 'look'));
    expect(told()).toEqual(['unhealthy too_many_connections', 'unhealthy timed_out']);
    found('database', 600, unhealthy('timed_out', 'wait'));
    expect(told()).toHaveLength(2);
    found('database', 610, unhealthy('too_many_connections', 'look'));
    found('database', 620, unhealthy('timed_out', 'wait'));
    expect(told()).toHaveLength(4);
  });

  it('has the same again once the part was healthy in between, or the clock was put back', () => {
    for (const atS of [10, 20, 30, 40]) found('database', atS, atS % 20 === 0 ? healthy() : unhealthy('timed_out', 'wait'));
    expect(told()).toEqual(['unhealthy timed_out', 'healthy ', 'unhealthy timed_out', 'healthy ']);
    found('database', 50, unhealthy('timed_out', 'wait'));
    found('database', 60, unhealthy('unreachable', 'look'));
    found('database', 5, unhealthy('timed_out', 'wait'));
    expect(told().slice(4)).toEqual(['unhealthy timed_out', 'unhealthy unreachable', 'unhealthy timed_out']);
  });
});
