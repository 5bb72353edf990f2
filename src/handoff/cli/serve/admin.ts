import type { Logger } from 'pino';
import { errorCode } from '../../../errors/classify.js';
import type { Instrumentation } from '../../../instrumentation/handle.js';
import { serveAdminHttp } from '../../server/adminHttp.js';
import type { Listening } from '../../server/listen.js';
import { LOOPBACK_NAMES, isLoopback } from '../../server/loopback.js';
import { ReadinessProbe } from '../../server/readiness.js';
import { systemClock } from '../../../time/clock.js';
import { serverEvents } from '../../../telemetry/catalogue/server.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME } from '../../../telemetry/semconv.js';
import type { BackEnd } from './backEnd.js';

interface AdminContext {
  readonly host: string;
  readonly port: number;
  readonly telemetry: Instrumentation;
  readonly backEnd: BackEnd;
  readonly log: Logger;
}

/** Below what health checks wait as a rule (Docker and compose: set by hand; Kubernetes: 1 s, to be raised). */
const READY_TIMEOUT_MS = 2000;

/** A running admin port. */
export interface Admin {
  readonly url: string;
  /** `/readyz` says no from now on; the port stays open until `close`. */
  stopping(): void;
  close: Listening['close'];
}

/** Opens the admin port; a taken one is reported and the server goes on without: monitoring must not stop the service. */
export async function startAdmin({ host, port, telemetry, backEnd, log }: AdminContext): Promise<Admin | undefined> {
  const probe = new ReadinessProbe({ isWritable: backEnd.isWritable, clock: systemClock, timeoutMs: READY_TIMEOUT_MS });
  try {
    // On another address scrapers use names of their own; whoever opens it decides who can reach it.
    const allowedHosts = isLoopback(host) ? { allowedHosts: [...LOOPBACK_NAMES, host] } : {};
    const { url, close } = await serveAdminHttp({
      host,
      port,
      ...allowedHosts,
      metricsHandler: telemetry.metricsHandler,
      isReady: () => probe.check(),
    });
    return { url, close, stopping: () => probe.stop() };
  } catch (error) {
    log.warn(
      { [ATTR_EVENT_NAME]: serverEvents.adminUnavailable.name, host, port, [ATTR_ERROR_TYPE]: errorCode(error) ?? 'error' },
      `no /metrics, /livez and /readyz: ${host}:${port} cannot be taken. Set HANDOFF_ADMIN_PORT to a free port, or 0.`,
    );
    return undefined;
  }
}
