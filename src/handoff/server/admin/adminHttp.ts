import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import { hostGuard } from '../httpGuards.js';
import { listen } from '../listen.js';
import type { ListenLimits, Listening } from '../listen.js';
import type { AdminSource } from './adminSource.js';
import { healthDocument } from './healthDocument.js';

export interface AdminAddress {
  readonly host: string;
  readonly port: number;
  /** Names accepted in the Host header, without port, so that pages of other sites cannot read our metrics. Default: any. */
  readonly allowedHosts?: readonly string[];
  /** `/livez` fails when the main thread has been silent for longer, in milliseconds. */
  readonly livenessTimeoutMs: number;
  /** How often parts that are healthy are looked at, in milliseconds. */
  readonly healthIntervalMs: number;
}

export interface AdminOptions extends AdminAddress {
  readonly source: AdminSource;
}

/**
 * A port shared by the workers of a cluster would show the counters of a different worker each time. Scrapers and probes are few;
 * a client that opens more connections than this, or does not read, must not exhaust the server's memory.
 */
const LIMITS: ListenLimits = { maxConnections: 100, maxOpen: 50, maxHeldBytes: 64 * 1024 * 1024, maxUnreadMs: 10_000, isExclusive: true };
/** Below this, compression gains nothing. */
const MIN_GZIP_CHARS = 1024;
const VARY = 'Accept, Accept-Encoding';
const TEXT = 'text/plain; charset=utf-8';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves `/metrics`, `/livez`, `/readyz` and `/health` for operators; rejects when it cannot listen on the address. */
export function serveAdminHttp({ host, port, allowedHosts, ...context }: AdminOptions): Promise<Listening> {
  const findRefusal = allowedHosts === undefined ? () => undefined : hostGuard(allowedHosts);
  return listen(host, port, LIMITS, {
    onRequest: (request, response) => {
      const refusal = findRefusal(request);
      if (refusal === undefined) void answerTo(request, context).then((answer) => send(request, response, answer));
      else send(request, response, { status: refusal.status, body: 'The host in the Host header is not served here.\n' });
    },
    onBusy: (request, response) => send(request, response, { status: 503, body: 'Too many requests are open.\n' }),
  });
}

type Context = Omit<AdminOptions, 'host' | 'port' | 'allowedHosts'>;

async function answerTo(request: IncomingMessage, context: Context): Promise<Answer> {
  const { source } = context;
  const path = (request.url ?? '').split('?', 1)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, body: 'Only GET is allowed here.\n', headers: { allow: 'GET, HEAD' } };
  if (path === '/livez') return liveAnswer(context);
  if (path === '/readyz') {
    const readiness = await source.isReady();
    return readiness === 'ready' ? { status: 200, body: 'ready\n' } : { status: 503, body: `not ready: ${readiness.reason}\n` };
  }
  if (path === '/health') return healthAnswer(context);
  // Collecting ends what several figures tell, which nobody would see.
  if (path === '/metrics' && request.method === 'HEAD') return { status: 200, body: '', headers: { vary: VARY } };
  if (path === '/metrics') return metricsAnswer(source, request.headers.accept ?? '');
  return { status: 404, body: 'Not found. See /metrics, /livez, /readyz and /health.\n' };
}

/** Whether the process is of any use: asks nothing that a restart would not mend. */
function liveAnswer({ source, livenessTimeoutMs }: Context): Answer {
  const silentMs = source.silentMs();
  if (silentMs <= livenessTimeoutMs) return { status: 200, body: 'ok\n' };
  return { status: 503, body: `not alive: the main thread has not answered for ${Math.round(silentMs)} ms\n` };
}

async function healthAnswer({ source, livenessTimeoutMs, healthIntervalMs }: Context): Promise<Answer> {
  const snapshot = await source.health();
  if (snapshot === undefined) return { status: 503, body: 'The health is not known yet.\n' };
  const { report, ageMs } = snapshot;
  const document = healthDocument(report, { elapsedMs: ageMs, silentMs: source.silentMs(), livenessTimeoutMs, healthIntervalMs });
  return {
    // A degraded server is of use: whoever takes it out of service for that makes things worse.
    status: document.state === 'unhealthy' ? 503 : 200,
    body: `${JSON.stringify(document, null, 2)}\n`,
    headers: { 'content-type': 'application/health+json' },
  };
}

async function metricsAnswer(source: AdminSource, accept: string): Promise<Answer> {
  const snapshot = await source.metrics(accept);
  if (snapshot === undefined) return { status: 503, body: 'No metrics have been collected yet.\n' };
  const { status, headers, body, ageMs } = snapshot;
  // `Age` has whole seconds only, and most snapshots are younger than that.
  const age = { age: String(Math.floor(ageMs / 1000)), 'handoff-snapshot-age-ms': String(Math.round(ageMs)) };
  return { status, body, headers: { ...headers, vary: VARY, ...(ageMs === 0 ? {} : age) } };
}

function send(request: IncomingMessage, response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const head = { 'content-type': TEXT, 'cache-control': 'no-store', ...headers };
  if (request.method === 'HEAD' || body.length < MIN_GZIP_CHARS || !takesGzip(request)) {
    response.writeHead(status, head).end(body);
    return;
  }
  gzip(body, (error, compressed) => {
    // Where it cannot be compressed, it is sent as it is.
    if (error === null) response.writeHead(status, { ...head, 'content-encoding': 'gzip' }).end(compressed);
    else response.writeHead(status, head).end(body);
  });
}

function takesGzip({ headers }: IncomingMessage): boolean {
  return /(?:^|,)\s*(?:gzip|\*)\s*(?:,|$|;(?!\s*q=0(?:\.0*)?\s*(?:,|$)))/iu.test([headers['accept-encoding'] ?? ''].flat().join());
}
