import type { HealthComponent } from '../../../telemetry/catalogue/health.js';
import type { ComponentHealth, HealthStatus } from '../types.js';
import { worstOf } from './report.js';
import type { AgedResult, HealthReport } from './report.js';

/** The parts that `system` stands for. */
const SYSTEM: ReadonlySet<HealthComponent> = new Set(['disk', 'event_loop', 'memory']);

/** Returns a result as the service shows it. */
export function componentHealth(result: AgedResult): ComponentHealth {
  const { status, latencyMs, atMs, ageMs, reason, advice, errorType, details } = result;
  const error = status === 'unhealthy' ? (errorType ?? reason) : undefined;
  return {
    status,
    responseTime: latencyMs,
    lastCheck: new Date(atMs),
    ageMs,
    ...(reason === undefined ? {} : { reason }),
    ...(advice === undefined ? {} : { advice }),
    ...(error === undefined ? {} : { error }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

export interface StatusParts {
  readonly report: HealthReport;
  readonly database: ComponentHealth;
  readonly redis: ComponentHealth;
  readonly nowMs: number;
  readonly uptimeMs: number;
}

export function healthStatus({ report, database, redis, nowMs, uptimeMs }: StatusParts): HealthStatus {
  const { status, reason, advice, results } = report;
  return {
    overall: status,
    ...(reason === undefined ? {} : { reason }),
    ...(advice === undefined ? {} : { advice }),
    components: {
      ...Object.fromEntries(results.map((result) => [result.name, componentHealth(result)])),
      database,
      redis,
      system: systemHealth(
        results.filter(({ name }) => SYSTEM.has(name)),
        nowMs,
      ),
    },
    timestamp: new Date(nowMs),
    uptime: uptimeMs,
  };
}

/** The worst of its parts, with the measurements of all: no two of them have a name in common. */
function systemHealth(parts: readonly AgedResult[], nowMs: number): ComponentHealth {
  const worst = worstOf(parts);
  // The event loop and the memory are always looked at.
  if (worst === undefined) return { status: 'degraded', responseTime: 0, lastCheck: new Date(nowMs), ageMs: 0, reason: 'not_measured' };
  return {
    ...componentHealth(worst),
    responseTime: Math.max(...parts.map(({ latencyMs }) => latencyMs)),
    lastCheck: new Date(Math.min(...parts.map(({ atMs }) => atMs))),
    ageMs: Math.max(...parts.map(({ ageMs }) => ageMs)),
    details: Object.assign({}, ...parts.map(({ details }) => details)) as Readonly<Record<string, number | boolean>>,
  };
}
