import { describe, expect, it } from 'vitest';
import { knownProtocolVersion } from '../../../src/mcp/knownValues.js';
import { networkOf, networkOfMessage } from '../../../src/mcp/network.js';
import { describeRequest } from '../../../src/mcp/request.js';
import { TargetNames } from '../../../src/mcp/targetNames.js';

const noNames = (): TargetNames => new TargetNames({}, { tool: new Set(), prompt: new Set() });
const facts = { names: noNames(), network: {}, protocolVersion: undefined, sessionId: undefined };

describe('a request', () => {
  it('has a session id before 2026-07-28 and none from then on', () => {
    const ping = { id: 'a', method: 'ping' };
    const before = describeRequest(ping, { ...facts, protocolVersion: '2025-11-25', sessionId: 's' });
    expect(before.spanAttributes).toMatchObject({ 'mcp.session.id': 's', 'jsonrpc.request.id': 'a' });
    expect(before.metricAttributes).toEqual({ 'mcp.method.name': 'ping', 'mcp.protocol.version': '2025-11-25' });
    expect(describeRequest(ping, { ...facts, protocolVersion: '2026-07-28', sessionId: 's' }).spanAttributes).not.toHaveProperty('mcp.session.id');
  });

  it('without usable params is described all the same', () => {
    for (const params of [undefined, null, 7, [], { name: 7 }]) {
      expect(describeRequest({ id: 1, method: 'tools/call', params }, facts)).toMatchObject({ spanName: 'tools/call', metricAttributes: { 'gen_ai.operation.name': 'execute_tool' } });
    }
  });

  it('claiming a version nobody published is _OTHER', () => {
    expect(knownProtocolVersion('2025-06-18')).toBe('2025-06-18');
    expect(knownProtocolVersion('2999-01-01; secret')).toBe('_OTHER');
  });
});

describe('the server\'s own names', () => {
  it('are those in its registry, not those of Object.prototype', () => {
    const names = new TargetNames({ _registeredTools: { echo: {} } }, { tool: new Set(), prompt: new Set() });
    expect([names.has('tool', 'echo'), names.has('tool', 'constructor'), names.has('tool', '__proto__'), names.has('prompt', 'echo')]).toEqual([true, false, false, false]);
  });

  it('are learnt from listings where there is no registry, up to a bound', () => {
    const names = noNames();
    names.learn('tool', { tools: [{ name: 'a' }, { name: 7 }, null] });
    names.learn('tool', { tools: 'none' });
    expect([names.has('tool', 'a'), names.has('prompt', 'a')]).toEqual([true, false]);
    names.learn('tool', { tools: Array.from({ length: 5000 }, (_, index) => ({ name: `n${index}` })) });
    expect([names.has('tool', 'n998'), names.has('tool', 'n999')]).toEqual([true, false]);
  });
});

describe('the network', () => {
  it('is told by what the transport has', () => {
    const stdio = { _stdin: {}, _stdout: {} };
    expect(networkOf(stdio)).toEqual({ transport: 'pipe' });
    expect(networkOf({ _wire: stdio })).toEqual({ transport: 'pipe' });
    expect(networkOf({ handleRequest: () => undefined })).toEqual({ transport: 'tcp', protocolName: 'http' });
    expect(networkOf({ handlePostMessage: () => undefined })).toEqual({ transport: 'tcp', protocolName: 'http' });
    expect(networkOf({})).toEqual({});
  });

  it('is told by the message where the transport does not tell', () => {
    expect(networkOfMessage({}, { requestInfo: { headers: {} } })).toEqual({ transport: 'tcp', protocolName: 'http' });
    expect(networkOfMessage({}, {})).toEqual({});
    expect(networkOfMessage({ transport: 'quic', protocolName: 'http' }, { request: {} })).toEqual({ transport: 'quic', protocolName: 'http' });
  });
});
