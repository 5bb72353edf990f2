import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { McpServer, McpServerFactory } from '@modelcontextprotocol/server';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorMessage } from '../../errors/classify.js';
import { corsFor } from './cors.js';
import { Door } from './door.js';
import type { CallGate } from './door.js';
import type { Exchange } from './exchanges.js';
import { bearerGuard, bodySizeGuard, encodingGuard, hostGuard, methodGuard, originGuard } from './httpGuards.js';
import type { HttpGuard } from './httpGuards.js';
import { listen } from './listen.js';
import type { Listener, Listening } from './listen.js';
import { protocolErrorReports } from './protocolErrors.js';
import { answerRefusal } from './refusal.js';
import type { OnRefusal, Refusal, RefusalReason } from './refusal.js';
import { readBody } from './requestBody.js';
import type { BodyLimits } from './requestBody.js';
import { inboxBus } from './subscriptions/inboxBus.js';
import { createInboxWatch } from './subscriptions/inboxWatch.js';
import type { Arrivals } from './subscriptions/inboxWatch.js';
import { OpenStreams } from './subscriptions/openStreams.js';
import { serverEvents } from '../../telemetry/catalogue/server.js';
import type { Log } from '../../telemetry/log.js';
import { systemClock } from '../../time/clock.js';
import { ATTR_EVENT_NAME } from '../../telemetry/semconv.js';

export interface HttpOptions {
  readonly makeServer: () => McpServer;
  readonly log: Log;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Names accepted in the Host header, without port. */
  readonly allowedHosts: readonly string[];
  /** Host names accepted in the Origin header; their pages may read the answers. A request without one did not come from a browser. */
  readonly allowedOrigins: readonly string[];
  readonly maxBodyBytes: number;
  /** Maximum number of object keys in one body; five times as many values are allowed. Default: 10,000. */
  readonly maxBodyKeys?: number;
  /** Connections beyond this number are closed immediately. Default: 1000. */
  readonly maxConnections?: number;
  /** How long a connection may be idle between two requests, in milliseconds. Default: 65,000. */
  readonly keepAliveMs?: number;
  /** Maximum number of requests not yet fully answered; one more gets a 503. Default: 500. */
  readonly maxOpenAnswers?: number;
  /** Maximum bytes of bodies being read and unread answers together; beyond it, the largest is dropped. Default: 128 MiB. */
  readonly maxHeldBytes?: number;
  /** How long a client may take to read what was written, in milliseconds. Default: 30,000. */
  readonly unreadTimeoutMs?: number;
  readonly bearerToken?: string;
  /**
   * Asks for the handoffs of the last half minute, such as `handoffs.arrived` of the services. With it clients of the 2026 era can
   * subscribe to inboxes; it is called every second while one has. In the 2025 era each request is a connection of its own, which
   * nothing can be told. Without it there are no subscriptions.
   */
  readonly arrivals?: Arrivals;
  /** Decides when tool calls begin, and which are refused, before MCP sees them. By default each begins at once. */
  readonly calls?: CallGate;
  /** Called for every refused request and connection. By default nothing is called. */
  readonly onRefusal?: OnRefusal;
  /** Called with the handler before it serves. Pass `instrument().instrumentHandler`, which sees requests that never reach a server. */
  readonly instrumentHandler?: (handler: object) => unknown;
}

const MCP_PATH = '/mcp';
const VALUES_PER_KEY = 5;
/** Far above any metadata. The SDK's adapter turns a body into text once more, which overflows the stack at some thousands of levels. */
const MAX_BODY_DEPTH = 1000;
const BUSY: Refusal = { reason: 'busy', status: 503, message: 'Too many requests are open. Try again.', headers: { 'retry-after': '1' } };
const NOT_HERE: Refusal = { reason: 'path', status: 404, message: `Not found. MCP is served at ${MCP_PATH}.` };
const FAILED: Refusal = { reason: 'failed', status: 500, message: 'The request failed with an internal error.' };

/** Serves MCP over Streamable HTTP at `/mcp`, in both protocol eras; rejects when it cannot listen on the address. */
export async function serveHandoffHttp(options: HttpOptions): Promise<Listening> {
  const { maxOpenAnswers = 500, arrivals } = options;
  const streams = new OpenStreams();
  const onerror = protocolErrorReports(options.log);
  const handler = createMcpHandler(arrivals === undefined ? options.makeServer : offeringSubscriptions(options.makeServer), {
    ...(arrivals === undefined ? {} : { bus: inboxBus(createInboxWatch({ arrivals, clock: systemClock })) }),
    maxRequestBodySize: options.maxBodyBytes,
    // Subscriptions stay open as long as their clients want: they must leave room for calls.
    maxSubscriptions: Math.ceil(maxOpenAnswers / 2),
    onerror,
  });
  options.instrumentHandler?.(handler);
  const limits = {
    maxConnections: options.maxConnections ?? 1000,
    keepAliveMs: options.keepAliveMs ?? 65_000,
    maxOpen: maxOpenAnswers,
    maxHeldBytes: options.maxHeldBytes ?? 128 * 1024 * 1024,
    maxUnreadMs: options.unreadTimeoutMs ?? 30_000,
  };
  const listening = await listen(
    options.host,
    options.port,
    limits,
    mcpListener(options, streams, toNodeHandler(handler, { maxRequestBodySize: options.maxBodyBytes, onerror })),
  );
  return {
    ...listening,
    url: `${listening.url}${MCP_PATH}`,
    close: async (drainMs) => {
      // They would last as long as their clients want, and the drain with them.
      streams.end();
      await listening.close(drainMs);
      await handler.close();
    },
  };
}

function offeringSubscriptions(makeServer: () => McpServer): McpServerFactory {
  return ({ era }) => {
    const server = makeServer();
    if (era === 'modern') server.server.registerCapabilities({ resources: { subscribe: true } });
    return server;
  };
}

function mcpListener(options: HttpOptions, streams: OpenStreams, handle: ReturnType<typeof toNodeHandler>): Listener {
  const { log, onRefusal, maxBodyKeys = 10_000 } = options;
  const bodyLimits: BodyLimits = {
    maxBodyBytes: options.maxBodyBytes,
    maxKeys: maxBodyKeys,
    maxValues: VALUES_PER_KEY * maxBodyKeys,
    maxDepth: MAX_BODY_DEPTH,
  };
  const answerPreflight = corsFor(options.allowedOrigins);
  const door = options.calls === undefined ? undefined : new Door(options.calls);
  const findRefusal = firstRefusal([
    methodGuard,
    ...(options.bearerToken === undefined ? [] : [bearerGuard(options.bearerToken)]),
    encodingGuard,
    bodySizeGuard(options.maxBodyBytes),
  ]);
  const findForeignRefusal = firstRefusal([hostGuard(options.allowedHosts), originGuard(options.allowedOrigins)]);

  const tell = (reason: RefusalReason, request: IncomingMessage, status?: number): void =>
    onRefusal?.({ reason, remoteAddress: request.socket.remoteAddress, ...(status === undefined ? {} : { status }) });

  const refuse = (refusal: Refusal, request: IncomingMessage, response: ServerResponse, exchange?: Exchange): void => {
    exchange?.markRefused();
    tell(refusal.reason, request, refusal.status);
    answerRefusal(response, refusal);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> => {
    streams.note(request, response);
    // Node types absent headers as undefined, the adapter as missing keys; the values are the same.
    const adapted = request as Parameters<typeof handle>[0];
    if (request.method !== 'POST') return handle(adapted, response);
    const body = await readBody(request, bodyLimits, exchange);
    if (body === 'gone') return;
    if ('refusal' in body) {
      refuse(body.refusal, request, response, exchange);
      return;
    }
    const serveIt = (): Promise<void> => handle(adapted, response, body.json);
    await (door === undefined ? serveIt() : door.serve(body.json, request, response, serveIt));
  };

  return {
    onRequest: (request, response, exchange) => {
      const path = (request.url ?? '').split('?', 1)[0];
      const foreign = path === MCP_PATH ? findForeignRefusal(request) : NOT_HERE;
      if (foreign === undefined && answerPreflight(request, response)) return;
      const refusal = foreign ?? findRefusal(request);
      if (refusal !== undefined) {
        refuse(refusal, request, response, exchange);
        return;
      }
      serve(request, response, exchange).catch((error: unknown) => {
        log.warn({ [ATTR_EVENT_NAME]: serverEvents.httpRequestFailed.name, err: error }, errorMessage(error));
        if (!response.headersSent) refuse(FAILED, request, response, exchange);
        else response.destroy();
      });
    },
    onBusy: (request, response) => refuse(BUSY, request, response),
    onEnd: (request, { statusCode }, wasRefused) => {
      // A 405 tells clients that there is no stream to GET and no session to DELETE.
      if (wasRefused || statusCode < 400 || statusCode === 405) return;
      tell(statusCode < 500 ? 'protocol' : 'failed', request, statusCode);
    },
    onCut: tell,
    onConnection: () => door?.connected(),
    onDropped: (remoteAddress) => onRefusal?.({ reason: 'connections', remoteAddress }),
  };
}

/** Returns the refusal of the first guard that has one. */
function firstRefusal(guards: readonly HttpGuard[]): HttpGuard {
  return (request) => {
    for (const guard of guards) {
      const refusal = guard(request);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  };
}
