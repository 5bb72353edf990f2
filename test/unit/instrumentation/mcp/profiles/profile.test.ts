import { SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionKind, ProfileSet } from '../../../../../src/instrumentation/mcp/profiles/profile.js';
import { profileOf } from '../../../../../src/instrumentation/mcp/profiles/profileOf.js';
import type { McpOptions } from '../../../../../src/instrumentation/mcp/options.js';
import { TestScope } from '../scopes.js';
import { TelemetryHarness } from '../telemetryHarness.js';

const RECEIVED: ConnectionKind = { direction: 'received', network: {}, protocolVersion: undefined, server: undefined };

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(() => telemetry.dispose());

function make(kind: Partial<ConnectionKind> = {}, options?: McpOptions): { set: ProfileSet; scope: TestScope['scope'] } {
  const { scope } = new TestScope(telemetry, options);
  return { set: scope.profiles.set({ ...RECEIVED, ...kind }), scope };
}

const registry = { _registeredTools: { echo: {} }, _registeredPrompts: { greet: {} } };

describe('a profile', () => {
  it('of a registered tool has its name everywhere', () => {
    const { set, scope } = make();
    const profile = profileOf(set, 'tools/call', { name: 'echo' }, scope.namesOf(registry));
    const attributes = { 'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'echo' };
    expect(profile).toMatchObject({
      method: 'tools/call',
      mode: 'full',
      spanName: 'tools/call echo',
      target: 'echo',
      spanAttributes: attributes,
      metricAttributes: attributes,
    });
  });

  it('of a made-up one has it on the span only, cut to 128 characters, and is not kept', () => {
    const { set, scope } = make();
    const name = 'x'.repeat(300);
    const names = scope.namesOf(registry);
    const profile = profileOf(set, 'prompts/get', { name }, names);
    expect(profile.spanName).toBe('prompts/get');
    expect(profile.spanAttributes).toEqual({ 'mcp.method.name': 'prompts/get', 'gen_ai.prompt.name': 'x'.repeat(128) });
    expect(profile.metricAttributes).toEqual({ 'mcp.method.name': 'prompts/get', 'gen_ai.prompt.name': '_OTHER' });
    expect(profileOf(set, 'prompts/get', { name }, names)).not.toBe(profile);
    expect(profileOf(set, 'prompts/get', { name: 'greet' }, names)).toBe(profileOf(set, 'prompts/get', { name: 'greet' }, names));
  });

  it('of a call that is sent has its name in the span, listed or not, and on metrics only once it is listed', () => {
    const { set, scope } = make({ direction: 'sent' });
    const names = scope.namesOf({ callTool: () => undefined });
    const unlisted = profileOf(set, 'tools/call', { name: 'roll' }, names);
    expect(unlisted.spanName).toBe('tools/call roll');
    expect(unlisted.metricAttributes).toMatchObject({ 'gen_ai.tool.name': '_OTHER' });
    expect(profileOf(set, 'prompts/get', { name: 'x'.repeat(300) }, names).spanName).toBe(`prompts/get ${'x'.repeat(128)}`);
    names.learn('tool', { tools: [{ name: 'roll' }] });
    expect(profileOf(set, 'tools/call', { name: 'roll' }, names)).toMatchObject({
      spanName: 'tools/call roll',
      metricAttributes: { 'gen_ai.tool.name': 'roll' },
    });
  });

  it.each([undefined, null, 7, [], {}, { name: 7 }])('of a call without a usable name is that of its method: %j', (params) => {
    const { set, scope } = make();
    const profile = profileOf(set, 'tools/call', params, scope.namesOf(registry));
    expect(profile).toMatchObject({ spanName: 'tools/call', metricAttributes: { 'gen_ai.operation.name': 'execute_tool' } });
    expect(profile.spanAttributes).not.toHaveProperty('gen_ai.tool.name');
  });

  it('of an unknown method is _OTHER, one for all', () => {
    const { set, scope } = make();
    const names = scope.namesOf({});
    const profile = profileOf(set, 'made/up', { name: 'echo' }, names);
    expect(profile).toMatchObject({ method: '_OTHER', spanName: '_OTHER', spanAttributes: { 'mcp.method.name': '_OTHER' } });
    expect(profileOf(set, 'constructor', undefined, names)).toBe(profile);
    expect(profileOf(set, '__proto__', { name: 'echo' }, names)).toBe(profile);
  });

  it.each([
    ['received', SpanKind.SERVER],
    ['sent', SpanKind.CLIENT],
  ] as const)('has the kind of its direction: %s', (direction, kind) => {
    expect(make({ direction }).set.plain('ping').spanKind).toBe(kind);
  });

  it('says what is known of the connection, and nothing of what is not', () => {
    const server = { address: 'example.org', port: 443 };
    const full = make({
      direction: 'sent',
      network: { transport: 'tcp', protocolName: 'http', protocolVersion: '2' },
      protocolVersion: '2025-11-25',
      server,
    }).set.plain('ping');
    expect(full.metricAttributes).toEqual({
      'mcp.method.name': 'ping',
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'network.protocol.version': '2',
      'mcp.protocol.version': '2025-11-25',
      'server.address': 'example.org',
      'server.port': 443,
    });
    expect(make().set.plain('ping').metricAttributes).toEqual({ 'mcp.method.name': 'ping' });
  });

  it('has the mode of its method, and _OTHER that of all unknown ones', () => {
    const { set } = make({}, { mode: 'propagation-only', methods: { ping: 'off', _OTHER: 'full' } });
    expect(['ping', 'made/up', 'tools/list'].map((method) => set.plain(method).mode)).toEqual(['off', 'full', 'propagation-only']);
  });
});

describe('profiles', () => {
  it('stay few, however many tools a server registers and forgets', () => {
    const { set, scope } = make();
    const names = scope.namesOf({
      _registeredTools: new Proxy({}, { getOwnPropertyDescriptor: () => ({ value: {}, configurable: true, enumerable: true }) }),
    });
    const first = set.named('tools/call', 'tool', 'tool-0', names);
    for (let index = 1; index < 2000; index += 1) set.named('tools/call', 'tool', `tool-${String(index)}`, names);
    expect(set.named('tools/call', 'tool', 'tool-0', names)).toBe(first);
    set.named('tools/call', 'tool', 'one too many', names);
    expect(set.named('tools/call', 'tool', 'tool-0', names)).not.toBe(first);
    expect(set.named('tools/call', 'tool', 'tool-0', names)).toEqual(first);
  });

  it('are shared by connections of one kind', () => {
    const { scope, set } = make();
    expect(scope.profiles.set({ ...RECEIVED })).toBe(set);
    for (const other of [
      { direction: 'sent' as const },
      { network: { transport: 'pipe' as const } },
      { protocolVersion: '2025-06-18' },
      { server: { address: 'a', port: 1 } },
    ]) {
      expect(scope.profiles.set({ ...RECEIVED, ...other })).not.toBe(set);
    }
  });
});
