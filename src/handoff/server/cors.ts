import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAllowedOrigin } from './httpGuards.js';

/** The headers of our answers that a page may read besides the body, which carries everything else in MCP. */
const EXPOSED_HEADERS = 'mcp-session-id, mcp-protocol-version, www-authenticate, retry-after';
/** How long a browser may cache a preflight; no browser honours more than two hours. */
const PREFLIGHT_AGE_S = '7200';
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~,\t -]{1,2048}$/;

/**
 * Lets pages of allowed origins read the answers: browsers withhold answers that do not name the page's origin. That includes
 * refusals, or a page could not tell a missing token from a server that is down. The browser's credentials are not
 * requested: callers authenticate with their own token.
 *
 * Answers preflights, which carry no token, and returns whether this was one.
 */
export function corsFor(allowedOrigins: readonly string[]): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const { origin } = request.headers;
    if (origin === undefined || !isAllowedOrigin(origin, allowedOrigins)) return false;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('vary', 'origin');
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined) {
      const wanted = request.headers['access-control-request-headers'] ?? '';
      response.writeHead(204, {
        'access-control-allow-methods': 'GET, POST, DELETE',
        // Allows whatever is requested: names of MCP headers are open-ended (`Mcp-Param-*`), and only allowed origins get here.
        ...(HEADER_NAMES.test(wanted) ? { 'access-control-allow-headers': wanted } : {}),
        'access-control-max-age': PREFLIGHT_AGE_S,
      });
      response.end();
      return true;
    }
    response.setHeader('access-control-expose-headers', EXPOSED_HEADERS);
    return false;
  };
}
