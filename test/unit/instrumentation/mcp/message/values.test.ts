import type { Attributes } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientIdentities } from '../../../../../src/instrumentation/mcp/message/clientIdentity.js';
import { hasSessions, knownMethod, knownProtocolVersion } from '../../../../../src/instrumentation/mcp/message/knownValues.js';
import { describeMessage } from '../../../../../src/instrumentation/mcp/profiles/spanAttributes.js';
import { TestScope } from '../scopes.js';
import { TelemetryHarness } from '../telemetryHarness.js';

describe('known values', () => {
  it('are kept, all others are _OTHER', () => {
    expect([
      knownMethod('tools/call'),
      knownMethod('notifications/tasks/status'),
      knownMethod('tools/Call'),
      knownMethod('constructor'),
    ]).toEqual(['tools/call', 'notifications/tasks/status', '_OTHER', '_OTHER']);
    expect([knownProtocolVersion('2025-06-18'), knownProtocolVersion('2999-01-01; secret')]).toEqual(['2025-06-18', '_OTHER']);
  });

  it('tell from which version on there are no sessions', () => {
    expect([undefined, '2024-11-05', '2025-11-25', '2026-07-28', '_OTHER'].map(hasSessions)).toEqual([true, true, true, false, false]);
  });
});

describe('what a message says of itself', () => {
  let telemetry: TelemetryHarness;
  beforeEach(() => {
    telemetry = new TelemetryHarness();
  });
  afterEach(() => telemetry.dispose());

  function describeIt(
    message: { method: string } & Record<string, unknown>,
    resourceUriInName = false,
  ): { name: string; attributes: Attributes } {
    const { scope } = new TestScope(telemetry, { resourceUriInName });
    const profile = scope.profiles
      .set({ direction: 'received', network: {}, protocolVersion: undefined, server: undefined })
      .plain(message.method);
    const attributes: Attributes = {};
    return { name: describeMessage(attributes, profile, message, scope.settings), attributes };
  }

  it.each([
    [7, '7'],
    [0, '0'],
    ['a', 'a'],
    ['x'.repeat(300), 'x'.repeat(128)],
  ])('its id, as text: %j', (id, expected) => {
    expect(describeIt({ id, method: 'ping' }).attributes).toEqual({ 'jsonrpc.request.id': expected });
  });

  it.each([undefined, null, {}])('no id that is none: %j', (id) => {
    expect(describeIt({ id, method: 'ping' }).attributes).toEqual({});
  });

  it('its JSON-RPC version only when it is not 2.0', () => {
    expect(describeIt({ jsonrpc: '2.0', method: 'ping' }).attributes).toEqual({});
    expect(describeIt({ jsonrpc: '1.0', method: 'ping' }).attributes).toEqual({ 'jsonrpc.protocol.version': '1.0' });
  });

  it.each(['resources/read', 'resources/subscribe', 'resources/unsubscribe', 'notifications/resources/updated'])(
    'its URI, in the name only when asked for: %s',
    (method) => {
      const params = { uri: 'note://one' };
      expect(describeIt({ method, params })).toEqual({ name: method, attributes: { 'mcp.resource.uri': 'note://one' } });
      expect(describeIt({ method, params }, true).name).toBe(`${method} note://one`);
      expect(describeIt({ method, params: { uri: 7 } }, true)).toEqual({ name: method, attributes: {} });
    },
  );

  it('no URI where the method is about none, and a long one cut', () => {
    expect(describeIt({ method: 'tools/call', params: { uri: 'note://one' } }).attributes).toEqual({});
    expect(describeIt({ method: 'resources/read', params: { uri: 'x'.repeat(5000) } }).attributes['mcp.resource.uri']).toHaveLength(512);
  });
});

describe("the client's identity", () => {
  const info = { name: 'n'.repeat(100), version: 'v'.repeat(100) };
  const expected = { 'handoff.mcp.client.name': 'n'.repeat(64), 'handoff.mcp.client.version': 'v'.repeat(64) };

  const clients = new ClientIdentities();

  it("comes from initialize or from any message's _meta, cut to 64 characters", () => {
    expect(clients.find('initialize', { clientInfo: info }, undefined)).toEqual(expected);
    expect(clients.find('ping', {}, { 'io.modelcontextprotocol/clientInfo': info })).toEqual(expected);
    expect(clients.find('ping', { clientInfo: info }, {})).toBeUndefined();
    expect(clients.find('initialize', undefined, undefined)).toBeUndefined();
  });

  it('is what is usable of it', () => {
    expect(clients.find('initialize', { clientInfo: { name: 7, version: '1' } }, undefined)).toEqual({
      'handoff.mcp.client.version': '1',
    });
    expect(clients.find('initialize', { clientInfo: 'n' }, undefined)).toEqual({});
  });

  it('is one object for messages of one client in a row, and never that of another', () => {
    const seen = ['a', 'a', 'b', 'a'].map((name) => clients.find('initialize', { clientInfo: { name, version: '1' } }, undefined));
    expect(seen[1]).toBe(seen[0]);
    expect(seen.map((each) => each?.['handoff.mcp.client.name'])).toEqual(['a', 'a', 'b', 'a']);
    const later = clients.find('initialize', { clientInfo: { name: 'a', version: '2' } }, undefined);
    expect(later?.['handoff.mcp.client.version']).toBe('2');
  });
});
