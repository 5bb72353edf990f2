import { describe, expect, it } from 'vitest';
import { networkOf, networkOfMessage, serverAddressOf } from '../../../../../src/instrumentation/mcp/message/network.js';

const noop = (): undefined => undefined;

describe('the network', () => {
  const stdio = { _stdin: {}, _stdout: {}, start: noop, send: noop };
  const endless: Record<string, unknown> = { start: noop, send: noop };
  endless['transport'] = endless;

  it.each([
    ['a stdio server', stdio, { transport: 'pipe' }],
    ['a channel over stdio', { _wire: stdio }, { transport: 'pipe' }],
    ["a wrapper of a host's own", { transport: { transport: stdio, start: noop, send: noop } }, { transport: 'pipe' }],
    ['a wrapper of itself', endless, {}],
    ['a wrapper of no transport', { transport: { _stdin: {}, _stdout: {} } }, {}],
    ['a stdio client', { _serverParams: {} }, { transport: 'pipe' }],
    ['a Streamable HTTP server', { handleRequest: noop }, { transport: 'tcp', protocolName: 'http' }],
    ['an SSE server', { handlePostMessage: noop }, { transport: 'tcp', protocolName: 'http' }],
    ['a server of one HTTP exchange', { handleMessage: noop, _classification: undefined }, { transport: 'tcp', protocolName: 'http' }],
    ['an HTTP client', { _url: new URL('https://example.org/mcp') }, { transport: 'tcp', protocolName: 'http' }],
    ['a WebSocket client', { _url: new URL('wss://example.org/mcp') }, { transport: 'tcp', protocolName: 'websocket' }],
    ['anything else', {}, {}],
    ['no object', undefined, {}],
  ])('is told by what the transport has: %s', (_what, transport, expected) => {
    expect(networkOf(transport)).toEqual(expected);
  });

  it('is told by the message where the transport does not tell', () => {
    expect(networkOfMessage({}, { requestInfo: { headers: {} } })).toEqual({ transport: 'tcp', protocolName: 'http' });
    expect(networkOfMessage({}, {})).toEqual({});
    expect(networkOfMessage({}, undefined)).toEqual({});
    expect(networkOfMessage({ transport: 'quic', protocolName: 'http' }, { request: {} })).toEqual({
      transport: 'quic',
      protocolName: 'http',
    });
  });
});

describe("the server's address", () => {
  it.each([
    ['http://example.org/mcp', { address: 'example.org', port: 80 }],
    ['https://example.org/mcp', { address: 'example.org', port: 443 }],
    ['wss://example.org:8443/', { address: 'example.org', port: 8443 }],
    ['http://[::1]:3000/mcp', { address: '::1', port: 3000 }],
    ['file:///tmp/socket', undefined],
    ['other://example.org/', undefined],
  ])('of %s', (url, expected) => {
    expect(serverAddressOf({ _url: new URL(url) })).toEqual(expected);
  });

  it('is unknown without a URL', () => {
    expect(serverAddressOf({ _url: 'http://example.org' })).toBeUndefined();
    expect(serverAddressOf(undefined)).toBeUndefined();
  });
});
