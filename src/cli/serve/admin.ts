import type { Logger } from 'pino';
import { errorCode } from '../../errors/classify.js';
import type { Instrumentation } from '../../instrument.js';
import { serveAdminHttp } from '../../server/adminHttp.js';
import type { Listening } from '../../server/listen.js';
import { LOOPBACK_NAMES, isLoopback } from '../../server/loopback.js';

interface AdminContext {
  readonly host: string;
  readonly port: number;
  readonly telemetry: Instrumentation;
  readonly log: Logger;
}

/** Opens the admin port; a taken one is reported and the server goes on without: monitoring must not stop the service. */
export async function startAdmin({ host, port, telemetry, log }: AdminContext): Promise<Listening | undefined> {
  try {
    // On another address scrapers use names of their own; whoever opens it decides who can reach it.
    const allowedHosts = isLoopback(host) ? { allowedHosts: [...LOOPBACK_NAMES, host] } : {};
    return await serveAdminHttp({ host, port, ...allowedHosts, metricsHandler: telemetry.metricsHandler });
  } catch (error) {
    log.warn(
      { 'event.name': 'handoff.admin.unavailable', host, port, 'error.type': errorCode(error) ?? 'error' },
      `no /metrics and /livez: ${host}:${port} cannot be taken. Set HANDOFF_ADMIN_PORT to a free port, or 0.`,
    );
    return undefined;
  }
}
