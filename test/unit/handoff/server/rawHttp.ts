import { request as send } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  /** Sent as they are, Host and Origin included, which `fetch` would not allow. */
  readonly headers?: OutgoingHttpHeaders;
  /** Pieces are sent one after the other without a length announced; one string with its length. */
  readonly body?: string | readonly string[];
}

/** One request by hand. Resolves with the answer even when the server answers before it has taken the whole body. */
export function raw(port: number, { method = 'POST', path = '/mcp', headers = {}, body }: RawRequest = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const length = typeof body === 'string' ? { 'content-length': Buffer.byteLength(body) } : {};
    const request = send({ host: '127.0.0.1', port, method, path, headers: { ...length, ...headers }, agent: false }, (response) => {
      answered = true;
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on('error', reject);
    });
    request.on('error', (error) => {
      if (!answered) reject(error);
    });
    for (const piece of typeof body === 'string' ? [body] : (body ?? [])) request.write(piece);
    request.end();
  });
}

export const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' } as const;

export const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
});
