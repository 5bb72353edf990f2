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
