import type { Log } from '../../../telemetry/log.js';
import { errorCode } from '../../../errors/classify.js';
import type { HandoffConfig } from '../../config/resolve.js';
import type { Instrumentation } from '../../../instrumentation/handle.js';
import { serveAdminHttp } from '../../server/admin/adminHttp.js';
import type { AdminAddress } from '../../server/admin/adminHttp.js';
import { AdminAddressError, serveAdminThread } from '../../server/admin/adminWorker.js';
import { mainThreadSource } from '../../server/admin/mainThreadSource.js';
import type { AdminSubject } from '../../server/admin/mainThreadSource.js';
import type { Listening } from '../../server/listen.js';
import { isLoopback } from '../../../values/loopback.js';
import { LOOPBACK_NAMES } from '../../server/loopback.js';
import { ReadinessProbe } from '../../server/admin/readiness.js';
import { systemClock } from '../../../time/clock.js';
import { serverEvents } from '../../../telemetry/catalogue/server.js';
import { errorType } from '../../../telemetry/errorType.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME } from '../../../telemetry/semconv.js';
import type { BackEnd } from './backEnd.js';

interface AdminContext {
  readonly settings: HandoffConfig['settings'];
  readonly port: number;
  readonly telemetry: Instrumentation;
  readonly backEnd: BackEnd;
  readonly log: Log;
  /** Tests have their own. */
  readonly serveThread?: typeof serveAdminThread;
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

/**
 * Opens the admin port, in a thread of its own if there can be one. If the port is in use, that is reported and the server runs without it:
 * monitoring must not stop the service.
 */
export async function startAdmin(context: AdminContext): Promise<Admin | undefined> {
  const { settings, port, log } = context;
  const host = settings.HANDOFF_ADMIN_HOST;
  const probe = new ReadinessProbe({ isWritable: context.backEnd.isWritable, clock: systemClock, timeoutMs: READY_TIMEOUT_MS });
  const subject: AdminSubject = {
    metricsHandler: context.telemetry.metricsHandler,
    isReady: () => probe.check(),
    health: context.backEnd.monitoring,
  };
  const address: AdminAddress = {
    host,
    port,
    // On other addresses scrapers use their own names, and the operator who opens the port decides who can reach it.
    ...(isLoopback(host) ? { allowedHosts: [...LOOPBACK_NAMES, host] } : {}),
    livenessTimeoutMs: settings.HANDOFF_LIVENESS_TIMEOUT_MS,
    healthIntervalMs: settings.HANDOFF_HEALTH_CHECK_INTERVAL_MS,
  };
  try {
    const serving = new AdminServing(context, subject, address);
    const { url } = await serving.open();
    return {
      url,
      stopping: () => {
        probe.stop();
        serving.stopping();
      },
      close: (drainMs) => serving.close(drainMs),
    };
  } catch (error) {
    log.warn(
      { [ATTR_EVENT_NAME]: serverEvents.adminUnavailable.name, host, port, [ATTR_ERROR_TYPE]: errorCode(error) ?? 'error' },
      `/metrics, /livez, /readyz and /health are not available: cannot listen on ${host}:${port}. Set HANDOFF_ADMIN_PORT to a free port, or 0.`,
    );
    return undefined;
  }
}

/** Serves from a thread and, where there is none any more, from this one. */
class AdminServing {
  readonly #context: AdminContext;
  readonly #subject: AdminSubject;
  readonly #address: AdminAddress;
  #current: Promise<Listening & { stopping?(): void }> | undefined;
  #isClosing = false;

  constructor(context: AdminContext, subject: AdminSubject, address: AdminAddress) {
    this.#context = context;
    this.#subject = subject;
    this.#address = address;
  }

  async open(): Promise<Listening> {
    const { serveThread = serveAdminThread } = this.#context;
    let { port } = this.#address;
    try {
      const worker = await serveThread({
        ...this.#address,
        subject: this.#subject,
        onLost: () => this.#takeOver(port),
      });
      port = worker.port;
      this.#current = Promise.resolve(worker);
      return worker;
    } catch (error) {
      if (error instanceof AdminAddressError) throw error;
      return this.#serveHere(port, error);
    }
  }

  stopping(): void {
    void this.#current?.then((serving) => serving.stopping?.()).catch(() => undefined);
  }

  async close(drainMs: number): Promise<void> {
    this.#isClosing = true;
    await this.#current?.then((serving) => serving.close(drainMs)).catch(() => undefined);
  }

  #takeOver(port: number): void {
    if (this.#isClosing) return;
    void this.#serveHere(port, undefined).catch((error: unknown) => {
      const { log } = this.#context;
      log.warn(
        { [ATTR_EVENT_NAME]: serverEvents.adminUnavailable.name, port, [ATTR_ERROR_TYPE]: errorCode(error) ?? 'error' },
        '/metrics, /livez, /readyz and /health are not available any more: restart the server to have them back.',
      );
    });
  }

  #serveHere(port: number, cause: unknown): Promise<Listening> {
    const { log } = this.#context;
    log.warn(
      { [ATTR_EVENT_NAME]: serverEvents.adminInThread.name, ...(cause === undefined ? {} : { [ATTR_ERROR_TYPE]: errorType(cause) }) },
      'The admin port is served by the main thread, because its own thread could not start or has ended. It therefore does not answer while the main thread is blocked.',
    );
    this.#current = serveAdminHttp({ ...this.#address, port, source: mainThreadSource(this.#subject) });
    return this.#current;
  }
}
