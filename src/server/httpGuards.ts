import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Looks at a request before anything reads its body; answers and returns false when it must go no further. */
export type HttpGuard = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Refuses a body that announces itself as too large, before anything of it is kept. Node reads on and drops it: closing
 * the connection at once would make the sender's system discard our answer with it.
 */
export function bodySizeGuard(maxBodyBytes: number): HttpGuard {
  return (request, response) => {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced <= maxBodyBytes) return true;
    refuse(response, 413, `Request body is larger than ${maxBodyBytes} bytes. Send less, or raise HANDOFF_HTTP_MAX_BODY_BYTES.`);
    return false;
  };
}

/** The whole header: what follows the token would otherwise be ignored. */
const BEARER = /^bearer +(\S+)$/i;

/** Asks for `Authorization: Bearer <token>`, compared in constant time. */
export function bearerGuard(token: string): HttpGuard {
  const expected = digest(token);
  return (request, response) => {
    const [, given] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return true;
    refuse(response, 401, 'A valid bearer token is needed.', { 'www-authenticate': 'Bearer' });
    return false;
  };
}

/** A refusal in the shape MCP clients read: a JSON-RPC error without an id. */
export function refuse(response: ServerResponse, status: number, message: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message }, id: null }));
}

/** Digests have one length, which the comparison needs and which hides the token's. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
