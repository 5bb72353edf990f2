import type { Instrumentation } from '../../../../instrumentation/handle.js';
import type { OtlpTarget } from '../../../../instrumentation/settings/otlpTarget.js';
import type { TelemetrySettings } from '../../../../instrumentation/settings/resolve.js';
import { resolveSettings } from '../../../../instrumentation/settings/resolve.js';
import { startSafely } from '../../../../instrumentation/start.js';
import type { HandoffConfig } from '../../../config/resolve.js';
import { packageInfo } from '../../packageInfo.js';

/** Longer than a server waits at its end: an answer that takes this long is late, and arrives. */
const FLUSH_TIMEOUT_MS = 8000;

/** Returns the settings with which a server of this environment starts its telemetry. */
export function telemetrySettings(env: NodeJS.ProcessEnv, settings: HandoffConfig['settings'], stdio: boolean): TelemetrySettings {
  return resolveSettings(
    {
      serviceName: settings.MCP_SERVER_NAME,
      serviceVersion: settings.MCP_SERVER_VERSION ?? packageInfo().version,
      stdio,
      flushTimeoutMs: FLUSH_TIMEOUT_MS,
      exitHooks: false,
      // What the doctor itself asks is not worth a span, and nobody is to scrape it.
      prometheus: { enabled: false, listen: false },
      libraries: { pg: false, ioredis: false, runtime: false, pino: true },
    },
    env,
  );
}

/** A receiver that is not there is tried again for this long: who waits for the doctor need not wait longer. */
const EXPORT_TIMEOUT_MS = 4000;

const inTime = <Outlet extends { readonly target?: OtlpTarget }>(outlet: Outlet): Outlet =>
  outlet.target === undefined
    ? outlet
    : { ...outlet, target: { ...outlet.target, timeoutMs: Math.min(outlet.target.timeoutMs, EXPORT_TIMEOUT_MS) } };

/** Starts telemetry for a probe. The caller shuts it down. */
export function instrumentationOf(settings: TelemetrySettings, instanceId: string): Instrumentation {
  return startSafely(
    {
      ...settings,
      traces: { ...settings.traces, outlets: settings.traces.outlets.map(inTime) },
      logs: { ...settings.logs, outlets: settings.logs.outlets.map(inTime) },
      metrics: { ...settings.metrics, pushes: settings.metrics.pushes.map(inTime) },
      sampler: { kind: 'always_on' },
      diagnosticsLevel: 'none',
      resource: { ...settings.resource, attributes: { ...settings.resource.attributes, 'service.instance.id': instanceId } },
    },
    { mode: 'off', discover: false },
  );
}
