import type { AnomalyKind } from '../../../telemetry/catalogue/anomalies.js';

/** The boards of `dashboards/` that show each kind. A test compares them with the list of boards. */
export const boardOfKind: Readonly<Record<AnomalyKind, string>> = {
  tool_latency: 'handoff-business',
  tool_error_rate: 'handoff-business',
  tool_calls: 'handoff-mcp',
  handoff_failures: 'handoff-business',
  handoff_requests: 'handoff-business',
  context_growth: 'handoff-business',
  sessions_opened: 'handoff-business',
  sessions_active: 'handoff-lifecycle',
  cache_hit_rate: 'handoff-databases',
  resource_use: 'handoff-runtime',
};

const HOUR_MS = 3_600_000;

/**
 * The board at the time of an anomaly, with an hour before it; `null` without an address of Grafana.
 *
 * @param grafanaUrl with http or https. A user and a password in it are left out.
 */
export function dashboardUrl(grafanaUrl: string | undefined, kind: AnomalyKind, startedAt: Date, endedAt: Date | null): string | null {
  if (grafanaUrl === undefined) return null;
  const url = new URL(grafanaUrl);
  url.username = url.password = url.hash = '';
  url.pathname = `${url.pathname.replace(/\/$/, '')}/d/${boardOfKind[kind]}`;
  url.search = new URLSearchParams({
    from: String(startedAt.getTime() - HOUR_MS),
    to: endedAt === null ? 'now' : String(endedAt.getTime() + HOUR_MS),
  }).toString();
  return url.href;
}
