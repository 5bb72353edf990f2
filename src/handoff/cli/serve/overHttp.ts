import { AddressUnavailableError } from '../../../errors/addressUnavailableError.js';
import { errorCode } from '../../../errors/classify.js';
import { serveHandoffHttp } from '../../server/http.js';
import { isLoopback } from '../../../values/loopback.js';
import { LOOPBACK_NAMES } from '../../server/loopback.js';
import { DEFAULT_ADMIN_PORT } from '../../../variables/monitoringVariables.js';
import { serverEvents } from '../../../telemetry/catalogue/server.js';
import { ATTR_EVENT_NAME } from '../../../telemetry/semconv.js';
import { startAdmin } from './admin.js';
import type { Front, ServeContext } from './front.js';
import { refusalReports } from './refusalReports.js';

/** Nothing on the admin port takes longer, except a response to a scraper that does not read it. */
const ADMIN_DRAIN_MS = 200;
/** Of the answers that may be open; the rest is left for refusals, subscriptions and operators. */
const CALLS_SHARE = 0.8;
const MIN_BODY_KEYS = 10_000;
/** Metadata within its size limit must never exceed the key limit: the shortest key takes six bytes on average, including its comma. */
const BYTES_PER_KEY = 6;

/** Serves Streamable HTTP and the admin port. */
export async function serveOverHttp({ settings, backEnd, telemetry, log }: ServeContext): Promise<Front> {
  const token = settings.HANDOFF_HTTP_BEARER_TOKEN;
  const host = settings.HANDOFF_HTTP_HOST;
  if (!isLoopback(host) && token === undefined) {
    log.warn(
      { [ATTR_EVENT_NAME]: serverEvents.httpOpen.name, host },
      'anyone who can reach this address can use the server: set HANDOFF_HTTP_BEARER_TOKEN or put an authenticating proxy in front',
    );
  }
  const port = settings.HANDOFF_HTTP_PORT;
  const mcp = await serveHandoffHttp({
    makeServer: backEnd.makeServer,
    instrumentHandler: backEnd.instrumentHandler,
    arrivals: backEnd.arrivals,
    calls: { ...backEnd.calls, mostOpen: Math.ceil(settings.HANDOFF_HTTP_MAX_OPEN_ANSWERS * CALLS_SHARE) },
    log,
    host,
    port,
    allowedHosts: settings.HANDOFF_HTTP_ALLOWED_HOSTS ?? LOOPBACK_NAMES,
    allowedOrigins: settings.HANDOFF_HTTP_ALLOWED_ORIGINS ?? LOOPBACK_NAMES,
    maxBodyBytes: settings.HANDOFF_HTTP_MAX_BODY_BYTES,
    maxBodyKeys: Math.max(MIN_BODY_KEYS, Math.ceil(settings.HANDOFF_MAX_METADATA_BYTES / BYTES_PER_KEY)),
    maxConnections: settings.HANDOFF_HTTP_MAX_CONNECTIONS,
    keepAliveMs: settings.HANDOFF_HTTP_KEEP_ALIVE_MS,
    maxOpenAnswers: settings.HANDOFF_HTTP_MAX_OPEN_ANSWERS,
    maxHeldBytes: settings.HANDOFF_HTTP_MAX_HELD_BYTES,
    unreadTimeoutMs: settings.HANDOFF_HTTP_UNREAD_TIMEOUT_MS,
    onRefusal: refusalReports(log, telemetry.meter),
    ...(token === undefined ? {} : { bearerToken: token }),
  }).catch((error: unknown) => {
    throw new AddressUnavailableError(host, port, errorCode(error) ?? 'unknown', error);
  });
  const admin = await startAdmin({
    settings,
    port: settings.HANDOFF_ADMIN_PORT ?? DEFAULT_ADMIN_PORT,
    telemetry,
    backEnd,
    log,
  });
  log.info(
    { [ATTR_EVENT_NAME]: serverEvents.httpListening.name, url: mcp.url, ...(admin === undefined ? {} : { adminUrl: admin.url }) },
    `MCP is served at ${mcp.url}`,
  );
  return {
    closed: new Promise(() => undefined),
    close: async (drainMs) => {
      admin?.stopping();
      await mcp.close(drainMs);
      await admin?.close(ADMIN_DRAIN_MS);
    },
  };
}
