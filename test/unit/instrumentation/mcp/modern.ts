/** What every request of protocol 2026-07-28 carries in `_meta`. */
export const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
};

/** A POST of that protocol, by hand. Headers given as `undefined` are left out. */
export function modernRequest(
  message: { readonly id?: number | string; readonly method: string; readonly params?: Record<string, unknown> },
  headers: Record<string, string | undefined> = {},
  signal?: AbortSignal,
): Request {
  const name = message.params?.['name'];
  const all: Record<string, string | undefined> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': message.method,
    'mcp-name': typeof name === 'string' ? name : undefined,
    ...headers,
  };
  const body = JSON.stringify({ jsonrpc: '2.0', ...message, params: { _meta: MODERN_META, ...message.params } });
  const sent = Object.entries(all).filter((header): header is [string, string] => header[1] !== undefined);
  return new Request('http://127.0.0.1/mcp', { method: 'POST', headers: sent, body, ...(signal === undefined ? {} : { signal }) });
}
