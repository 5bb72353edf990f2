import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Refusal } from './refusal.js';

/** Looks at a request before anything reads its body; answers with the refusal when it must go no further. */
export type HttpGuard = (request: IncomingMessage) => Refusal | undefined;

const METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'POST', 'DELETE']);

/** The methods of Streamable HTTP. Others reach nothing that could answer them, and TRACE nothing that could even hold it. */
export function methodGuard(request: IncomingMessage): Refusal | undefined {
  if (METHODS.has(request.method)) return undefined;
  return {
    reason: 'method',
    status: 405,
    message: 'Only POST, GET and DELETE are answered here.',
    headers: { allow: 'GET, POST, DELETE, OPTIONS' },
  };
}

/** A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port: no user, no path, which a URL parser would let pass. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d*)?$/i;

/** Lets only requests for these hosts pass (names without port): a page of another site reaches us under a name of its own. */
export function hostGuard(allowedHosts: readonly string[]): HttpGuard {
  return ({ headers: { host = '' } }) => {
    if (HOST.test(host) && allowedHosts.includes(hostname(`http://${host}`) ?? '')) return undefined;
    return {
      reason: 'host',
      status: 403,
      message: 'The Host header names no host that is served here. HANDOFF_HTTP_ALLOWED_HOSTS has those that are.',
    };
  };
}

/** Lets requests without an Origin header pass, and those of pages of these hosts. */
export function originGuard(allowedOrigins: readonly string[]): HttpGuard {
  return ({ headers: { origin } }) => {
    if (origin === undefined || isAllowedOrigin(origin, allowedOrigins)) return undefined;
    return {
      reason: 'origin',
      status: 403,
      message: 'Pages of this origin may not use this server. HANDOFF_HTTP_ALLOWED_ORIGINS has those that may.',
    };
  };
}

/** Whether an Origin header names one of these hosts, by any scheme and port. */
export function isAllowedOrigin(origin: string, allowedOrigins: readonly string[]): boolean {
  return allowedOrigins.includes(hostname(origin) ?? '');
}

/**
 * Refuses a body that announces itself as too large, before anything of it is kept. Node reads on and drops it: closing
 * the connection at once would make the sender's system discard our answer with it.
 */
export function bodySizeGuard(maxBodyBytes: number): HttpGuard {
  return ({ headers }) => (Number(headers['content-length'] ?? 0) <= maxBodyBytes ? undefined : bodyTooLarge(maxBodyBytes));
}

export function bodyTooLarge(maxBodyBytes: number): Refusal {
  return {
    reason: 'body_size',
    status: 413,
    message: `Request body is larger than ${maxBodyBytes} bytes. Send less, or raise HANDOFF_HTTP_MAX_BODY_BYTES.`,
  };
}

/** The whole header: what follows the token would otherwise be ignored. */
const BEARER = /^bearer +(\S+)$/i;

/** Asks for `Authorization: Bearer <token>`, compared in constant time. */
export function bearerGuard(token: string): HttpGuard {
  const expected = digest(token);
  return ({ headers }) => {
    const [, given] = BEARER.exec(headers.authorization ?? '') ?? [];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return undefined;
    return { reason: 'token', status: 401, message: 'A valid bearer token is needed.', headers: { 'www-authenticate': 'Bearer' } };
  };
}

function hostname(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** Digests have one length, which the comparison needs and which hides the token's. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
