import { propagation } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../../../../src/instrumentation/mcp/connection/connection.js';
import { createScope, createShared } from '../../../../../src/instrumentation/mcp/scope/scope.js';
import { TestScope } from '../scopes.js';
import { TelemetryHarness } from '../telemetryHarness.js';

let telemetry: TelemetryHarness;
let test: TestScope;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  test = new TestScope(telemetry);
});
afterEach(() => telemetry.dispose());

const noop = (): undefined => undefined;
const VERSION = 'io.modelcontextprotocol/protocolVersion';

describe('the protocol version of a message', () => {
  it('is as it claims itself, else as its HTTP request says, else as negotiated, and always a known one', () => {
    const connection = test.connect({ protocol: { getNegotiatedProtocolVersion: () => '2024-11-05' } });
    const header = { request: { headers: new Headers({ 'mcp-protocol-version': '2025-03-26' }) } };
    expect(connection.versionOf({ [VERSION]: '2026-07-28' }, header)).toBe('2026-07-28');
    expect(connection.versionOf({}, header)).toBe('2025-03-26');
    expect(connection.versionOf(undefined, { requestInfo: { headers: { 'mcp-protocol-version': '2025-06-18' } } })).toBe('2025-06-18');
    expect(connection.versionOf(undefined, undefined)).toBe('2024-11-05');
    expect(connection.versionOf({ [VERSION]: 'made up' }, undefined)).toBe('_OTHER');
    expect(connection.negotiated('2025-11-25')).toBe('2025-11-25');
    expect(connection.versionOf({ [VERSION]: 7 }, undefined)).toBe('2025-11-25');
  });

  it('is as the last message claimed where none was negotiated', () => {
    const connection = test.connect();
    connection.versionOf({ [VERSION]: '2026-07-28' }, undefined);
    expect(connection.versionOf(undefined, undefined)).toBe('2026-07-28');
  });

  it('is unknown where nobody tells', () => {
    expect(test.connect().versionOf(undefined, undefined)).toBeUndefined();
    expect(test.connect({ protocol: { getNegotiatedProtocolVersion: noop } }).versionOf({}, {})).toBeUndefined();
  });
});

function attributesOf(connection: Connection, version?: string): Attributes {
  return connection.spanAttributes(connection.profiles('received', version, undefined).plain('ping'), version);
}

describe('the session id', () => {
  it('is on the spans of a version that has sessions, as the transport has it at the time', () => {
    const transport: { sessionId?: unknown } = {};
    const connection = test.connect({ transport });
    const wire: object = connection.transport;
    expect(attributesOf(connection)).not.toHaveProperty('mcp.session.id');
    Reflect.set(wire, 'sessionId', 's1');
    expect(attributesOf(connection)).toMatchObject({ 'mcp.session.id': 's1' });
    Reflect.set(wire, 'sessionId', 's2');
    expect(attributesOf(connection)).toMatchObject({ 'mcp.session.id': 's2' });
    expect(attributesOf(connection, '2026-07-28')).not.toHaveProperty('mcp.session.id');
    Reflect.set(wire, 'sessionId', 7);
    expect(attributesOf(connection)).not.toHaveProperty('mcp.session.id');
  });

  it('is none where it is part of a URL (SSE)', () => {
    expect(attributesOf(test.connect({ transport: { handlePostMessage: noop, sessionId: 's' } }))).not.toHaveProperty('mcp.session.id');
  });
});

describe('span attributes', () => {
  it('are a copy each time: one span cannot write into another', () => {
    const connection = test.connect();
    for (let span = 0; span < 4; span += 1) {
      const attributes = attributesOf(connection);
      expect(attributes).toEqual({ 'mcp.method.name': 'ping' });
      attributes['mcp.method.name'] = 'changed';
    }
  });
});

describe('the client', () => {
  const info = { name: 'c', version: '1' };

  it('is remembered from its first word on, on servers only', () => {
    const server = test.connect();
    server.learnClient('initialize', { clientInfo: info }, undefined);
    server.learnClient('ping', {}, undefined);
    for (let span = 0; span < 3; span += 1) attributesOf(server);
    expect(attributesOf(server)).toEqual({ 'mcp.method.name': 'ping', 'handoff.mcp.client.name': 'c', 'handoff.mcp.client.version': '1' });
    server.learnClient('ping', {}, { 'io.modelcontextprotocol/clientInfo': { name: 'd', version: '2' } });
    expect(attributesOf(server)).toEqual({ 'mcp.method.name': 'ping', 'handoff.mcp.client.name': 'd', 'handoff.mcp.client.version': '2' });
    const client = test.connect({ protocol: { callTool: noop } });
    client.learnClient('initialize', { clientInfo: info }, undefined);
    expect(attributesOf(client)).toEqual({ 'mcp.method.name': 'ping' });
  });
});

describe('a connection', () => {
  it.each([
    ['a pipe', { _stdin: {}, _stdout: {} }, true, 'always', 'always'],
    ['memory', { _otherTransport: { start: noop, send: noop } }, true, 'never', 'never'],
    ['HTTP', { handleRequest: noop }, false, 'never', 'always'],
    ["a transport of the host's own", {}, false, 'never', 'always'],
  ])('over %s knows whether its peer is near, and what context it reads in', (_what, transport, isLocal, atServer, atClient) => {
    const server = test.connect({ transport });
    const client = test.connect({ transport, protocol: { callTool: noop } });
    expect([server.isLocal, server.hasCaller, client.hasCaller]).toEqual([isLocal, !isLocal, false]);
    expect([server.staleness, client.staleness]).toEqual([atServer, atClient]);
  });

  it('takes other settings from the next message on', () => {
    const connection = test.connect();
    const before = connection.profiles('sent', undefined, undefined);
    connection.use(connection.scope);
    expect(connection.profiles('sent', undefined, undefined)).toBe(before);
    connection.use(new TestScope(telemetry, { network: { transport: 'pipe' }, methods: { ping: 'off' } }).scope);
    expect(connection.isLocal).toBe(true);
    expect(connection.profiles('sent', undefined, undefined).plain('ping')).toMatchObject({
      mode: 'off',
      spanAttributes: { 'network.transport': 'pipe' },
    });
  });

  it.each(['sent', 'received'] as const)('takes other settings for messages that are %s where the network stays', (direction) => {
    const connection = test.connect();
    expect(connection.profiles(direction, undefined, undefined).plain('ping').mode).toBe('full');
    connection.use(new TestScope(telemetry, { methods: { ping: 'off' } }).scope);
    expect(connection.profiles(direction, undefined, undefined).plain('ping').mode).toBe('off');
  });

  it('says where its messages go, and not that what comes back came to that server', () => {
    const connection = test.connect({ protocol: { callTool: noop }, transport: { _url: new URL('http://example.org:81') } });
    const attributes = (direction: 'sent' | 'received'): Attributes =>
      connection.profiles(direction, undefined, undefined).plain('ping').spanAttributes;
    expect(attributes('sent')).toMatchObject({ 'server.address': 'example.org', 'server.port': 81 });
    expect(attributes('received')).not.toHaveProperty('server.address');
  });

  it('has one set of profiles as long as version and network stay', () => {
    const connection = test.connect();
    const set = connection.profiles('received', '2025-11-25', undefined);
    expect(connection.profiles('received', '2025-11-25', undefined)).toBe(set);
    expect(connection.profiles('sent', '2025-11-25', undefined)).not.toBe(set);
    expect(connection.profiles('received', '2025-06-18', undefined)).not.toBe(set);
    expect(connection.profiles('received', '2025-06-18', { request: {} })).not.toBe(
      connection.profiles('received', '2025-06-18', undefined),
    );
  });
});

describe('the end of a connection', () => {
  const http = { handleRequest: noop };
  const modern = { getNegotiatedProtocolVersion: (): string => '2026-07-28' };
  const ended = (connection: Connection): string[] => {
    connection.session.alive();
    connection.close();
    return test.points.map(({ metric }) => metric);
  };

  it.each([
    ['in memory, server', {}, {}, ['server session']],
    ['in memory, client', { callTool: noop }, {}, ['client session']],
    ['on a pipe', {}, { _stdin: {}, _stdout: {} }, ['server session']],
    ['over HTTP with an id', {}, { ...http, sessionId: 's' }, ['server session']],
    ['over HTTP without an id', {}, http, []],
    ['over HTTP, client', { callTool: noop }, { _url: new URL('http://example.org') }, ['client session']],
    ['over HTTP from 2026-07-28 on', modern, { ...http, sessionId: 's' }, []],
    ['over HTTP from 2026-07-28 on, client', { callTool: noop, ...modern }, { _url: new URL('http://example.org') }, []],
    ['over a WebSocket', {}, { _url: new URL('ws://example.org') }, ['server session']],
  ])('ends a session where there was one: %s', (_what, protocol, transport, expected) => {
    expect(ended(test.connect({ protocol, transport }))).toEqual(expected);
  });

  it('ends no session where only the trace goes on, nor one of a transport without a client', () => {
    test = new TestScope(telemetry, { mode: 'propagation-only' });
    expect(ended(test.connect())).toEqual([]);
    test = new TestScope(telemetry);
    const { transport } = test.connect();
    expect(ended(new Connection({ scope: test.scope, protocol: undefined, transport, names: test.scope.namesOf({}) }))).toEqual([]);
  });

  it('says with the session of a client which server it was with', () => {
    const server = { 'server.address': 'example.org', 'server.port': 80 };
    ended(test.connect({ protocol: { callTool: noop }, transport: { _url: new URL('http://example.org') } }));
    expect(test.points[0]?.attributes).toMatchObject(server);
    ended(test.connect({ transport: { ...http, sessionId: 's', _url: new URL('http://example.org') } }));
    expect(test.points[1]?.attributes).not.toHaveProperty('server.address');
  });

  it.each([
    ['a server on a pipe', {}, { _stdin: {}, _stdout: {} }, 1],
    ['a client on a pipe', { callTool: noop }, { _stdin: {}, _stdout: {} }, 0],
    ['a server over HTTP', {}, http, 0],
  ])('is the end of the conversation only for %s', (_what, protocol, transport, times) => {
    const onConversationEnd = vi.fn();
    const scope = createScope(createShared(test.scope.shared.emitter, propagation, onConversationEnd), {});
    const { transport: wire, protocol: side } = test.connect({ protocol, transport });
    new Connection({ scope, protocol: side, transport: wire, names: scope.namesOf({}) }).conversationEnded();
    expect(onConversationEnd).toHaveBeenCalledTimes(times);
  });
});
