import type { Log } from '../../../telemetry/log.js';
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
  readonly log: Log;
}

/** Shorter than the usual timeout of a health check (Docker and compose: set manually; Kubernetes: 1 s, should be raised). */
const READY_TIMEOUT_MS = 2000;

/** A running admin port. */
export interface Admin {
  readonly url: string;
  /** Makes `/readyz` report not ready from now on; the port stays open until `close`. */
  stopping(): void;
  close: Listening['close'];
}

/** Opens the admin port. If it is in use, that is reported and the server runs without it: monitoring must not stop the service. */
export async function startAdmin({ host, port, telemetry, backEnd, log }: AdminContext): Promise<Admin | undefined> {
  const probe = new ReadinessProbe({ isWritable: backEnd.isWritable, clock: systemClock, timeoutMs: READY_TIMEOUT_MS });
  try {
    // On other addresses scrapers use their own names, and the operator who opens the port decides who can reach it.
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
      `/metrics, /livez and /readyz are not available: cannot listen on ${host}:${port}. Set HANDOFF_ADMIN_PORT to a free port, or 0.`,
    );
    return undefined;
  }
}
