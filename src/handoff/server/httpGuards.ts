import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Refusal } from './refusal.js';

/** Checks a request before anything reads its body; returns the refusal if it must not proceed. */
export type HttpGuard = (request: IncomingMessage) => Refusal | undefined;

const METHODS: ReadonlySet<string | undefined> = new Set(['GET', 'POST', 'DELETE']);

/** The methods of Streamable HTTP. Nothing could answer the others, and TRACE cannot even be represented as a `Request`. */
export function methodGuard(request: IncomingMessage): Refusal | undefined {
  if (METHODS.has(request.method)) return undefined;
  return {
    reason: 'method',
    status: 405,
    message: 'Only POST, GET and DELETE are allowed here.',
    headers: { allow: 'GET, POST, DELETE, OPTIONS' },
  };
}

/** A name, an IPv4 address or an IPv6 address in brackets, with an optional port; no user or path, which a URL parser would accept. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d*)?$/i;

/** Allows only requests for these hosts (names without port): a page of another site reaches us under a different name. */
export function hostGuard(allowedHosts: readonly string[]): HttpGuard {
  return ({ headers: { host = '' } }) => {
    if (HOST.test(host) && allowedHosts.includes(hostname(`http://${host}`) ?? '')) return undefined;
    return {
      reason: 'host',
      status: 403,
      message: 'The host in the Host header is not allowed. Allowed hosts are set in HANDOFF_HTTP_ALLOWED_HOSTS.',
    };
  };
}

/** Allows requests without an Origin header, and those from pages of these hosts. */
export function originGuard(allowedOrigins: readonly string[]): HttpGuard {
  return ({ headers: { origin } }) => {
    if (origin === undefined || isAllowedOrigin(origin, allowedOrigins)) return undefined;
    return {
      reason: 'origin',
      status: 403,
      message: 'This origin is not allowed. Allowed origins are set in HANDOFF_HTTP_ALLOWED_ORIGINS.',
    };
  };
}

/** Returns whether an Origin header names one of these hosts, with any scheme and port. */
export function isAllowedOrigin(origin: string, allowedOrigins: readonly string[]): boolean {
  return allowedOrigins.includes(hostname(origin) ?? '');
}

/**
 * Refuses a body whose declared length is too large, before any of it is kept. Node reads and discards it: closing the
 * connection immediately would make the sender's system discard our answer too.
 */
export function bodySizeGuard(maxBodyBytes: number): HttpGuard {
  return ({ headers }) => (Number(headers['content-length'] ?? 0) <= maxBodyBytes ? undefined : bodyTooLarge(maxBodyBytes));
}

/** A compressed body would not be found to be JSON; unpacked it may be of any size. The header says what is understood instead. */
export function encodingGuard({ headers }: IncomingMessage): Refusal | undefined {
  const encoding = headers['content-encoding']?.toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return undefined;
  return {
    reason: 'protocol',
    status: 415,
    message: 'Compressed request bodies are not supported. Send the body without Content-Encoding.',
    headers: { 'accept-encoding': 'identity' },
  };
}

export function bodyTooLarge(maxBodyBytes: number): Refusal {
  return {
    reason: 'body_size',
    status: 413,
    message: `Request body is larger than ${maxBodyBytes} bytes. Send less, or raise HANDOFF_HTTP_MAX_BODY_BYTES.`,
  };
}

/** Matches the whole header: anything after the token would otherwise be ignored. */
const BEARER = /^bearer +(\S+)$/i;

/** Requires `Authorization: Bearer <token>`, compared in constant time. */
export function bearerGuard(token: string): HttpGuard {
  const expected = digest(token);
  return ({ headers }) => {
    const [, given] = BEARER.exec(headers.authorization ?? '') ?? [];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return undefined;
    return { reason: 'token', status: 401, message: 'A valid bearer token is required.', headers: { 'www-authenticate': 'Bearer' } };
  };
}

function hostname(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** Digests have a fixed length, which the comparison needs and which hides the token's length. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
