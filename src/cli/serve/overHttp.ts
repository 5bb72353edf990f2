import { AddressUnavailableError } from '../../errors/addressUnavailableError.js';
import { errorCode } from '../../errors/classify.js';
import { serveHandoffHttp } from '../../server/http.js';
import { LOOPBACK_NAMES, isLoopback } from '../../server/loopback.js';
import { startAdmin } from './admin.js';
import type { Front, ServeContext } from './front.js';

const DEFAULT_ADMIN_PORT = 9464;

/** Serves Streamable HTTP, and the admin port beside it. */
export async function serveOverHttp({ settings, backEnd, telemetry, log }: ServeContext): Promise<Front> {
  const token = settings.HANDOFF_HTTP_BEARER_TOKEN;
  const host = settings.HANDOFF_HTTP_HOST;
  if (!isLoopback(host) && token === undefined) {
    log.warn({ 'event.name': 'handoff.http.open', host }, 'anyone who reaches this address can use the server: set HANDOFF_HTTP_BEARER_TOKEN or put a proxy that authenticates in front');
  }
  const port = settings.HANDOFF_HTTP_PORT;
  const mcp = await serveHandoffHttp({
    makeServer: backEnd.makeServer,
    instrumentHandler: backEnd.instrumentHandler,
    log,
    host,
    port,
    allowedHosts: settings.HANDOFF_HTTP_ALLOWED_HOSTS ?? LOOPBACK_NAMES,
    allowedOrigins: settings.HANDOFF_HTTP_ALLOWED_ORIGINS ?? LOOPBACK_NAMES,
    maxBodyBytes: settings.HANDOFF_HTTP_MAX_BODY_BYTES,
    ...(token === undefined ? {} : { bearerToken: token }),
  }).catch((error: unknown) => {
    throw new AddressUnavailableError(host, port, errorCode(error) ?? 'unknown', error);
  });
  const admin = await startAdmin({ host: settings.HANDOFF_ADMIN_HOST, port: settings.HANDOFF_ADMIN_PORT ?? DEFAULT_ADMIN_PORT, telemetry, log });
  log.info({ 'event.name': 'handoff.http.listening', url: mcp.url, ...(admin === undefined ? {} : { adminUrl: admin.url }) }, `MCP is served at ${mcp.url}`);
  return {
    closed: new Promise(() => undefined),
    close: async (drainMs) => {
      await Promise.all([mcp.close(drainMs), admin?.close(drainMs)]);
    },
  };
}
