import type { Attributes } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../../../../src/instrumentation/mcp/connection/connection.js';
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
    attributesOf(connection)['mcp.method.name'] = 'changed';
    expect(attributesOf(connection)).toEqual({ 'mcp.method.name': 'ping' });
  });
});

describe('the client', () => {
  const info = { name: 'c', version: '1' };

  it('is remembered from its first word on, on servers only', () => {
    const server = test.connect();
    server.learnClient('initialize', { clientInfo: info }, undefined);
    server.learnClient('ping', {}, undefined);
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
});
