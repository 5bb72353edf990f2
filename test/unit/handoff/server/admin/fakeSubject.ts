import type { HealthReport } from '../../../../../src/handoff/monitoring/health/report.js';
import type { AdminSubject } from '../../../../../src/handoff/server/admin/mainThreadSource.js';

export function report(overrides: Partial<HealthReport> = {}): HealthReport {
  const common = { latencyMs: 1.23, atMs: Date.UTC(2026, 0, 1), ageMs: 10 };
  return {
    status: 'degraded',
    reason: 'unreachable',
    advice: 'Start Redis.',
    results: [
      { ...common, name: 'database', isCritical: true, status: 'healthy', details: { idleConnections: 1 } },
      { ...common, name: 'redis', isCritical: false, status: 'unhealthy', reason: 'unreachable', advice: 'Start Redis.', details: {} },
      { ...common, name: 'event_loop', isCritical: false, status: 'healthy', details: { utilizationPercent: 3 } },
    ],
    ...overrides,
  };
}

/** What the admin port tells about; `listeners` are those of the health. */
export class FakeSubject implements AdminSubject {
  readonly listeners = new Set<(report: HealthReport) => void>();
  metricsHandler: AdminSubject['metricsHandler'] = (_request, response) => {
    response.setHeader('Content-Type', 'text/plain; version=0.0.4');
    response.end('m 1\n');
  };
  isReady: AdminSubject['isReady'] = () => Promise.resolve('ready');
  kept = report();
  readonly health: AdminSubject['health'] = {
    healthReport: async () => this.kept,
    onHealth: (listener) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
  };
}
