import { SpanKind } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { McpInstrumentation } from '../../../src/instrumentation/mcpInstrumentation.js';
import type { McpInstrumentationConfig } from '../../../src/instrumentation/mcpInstrumentation.js';
import { PACKAGE_VERSION } from '../../../src/telemetry/scope.js';
import { connectInMemory, makeServer } from './mcp/mcpPair.js';
import { TelemetryHarness } from './mcp/telemetryHarness.js';

vi.mock('../../../src/instrumentation/diagnostics/diagnostics.js', () => ({ reportOnStderr: (line: string) => void lines.push(line) }));

// Discovery patches classes of the whole process; the integration tests have it, in processes of their own.
const quiet = { discover: false } as const;
const lines: string[] = [];
const made: McpInstrumentation[] = [];
let telemetry: TelemetryHarness;

function make(config: McpInstrumentationConfig = {}): McpInstrumentation {
  const instrumentation = new McpInstrumentation({ ...quiet, ...config });
  made.push(instrumentation);
  return instrumentation;
}

function register(...instrumentations: Instrumentation[]): void {
  registerInstrumentations({ instrumentations, tracerProvider: telemetry.tracerProvider, meterProvider: telemetry.meterProvider });
}

async function call(server: ReturnType<typeof makeServer>): Promise<void> {
  const { client } = await connectInMemory(server);
  await client.callTool({ name: 'echo', arguments: { text: 'a' } });
}

const calls = (kind?: SpanKind): number =>
  telemetry.spansNamed('tools/call echo').filter((span) => kind === undefined || span.kind === kind).length;

beforeEach(() => {
  telemetry = new TelemetryHarness();
});

afterEach(async () => {
  for (const instrumentation of made.splice(0)) instrumentation.disable();
  lines.length = 0;
  await telemetry.dispose();
});

describe('McpInstrumentation', () => {
  it('is an Instrumentation with the name and version of our scope', () => {
    const instrumentation: Instrumentation = make();
    expect(instrumentation.instrumentationName).toBe('handoff-otel');
    expect(instrumentation.instrumentationVersion).toBe(PACKAGE_VERSION);
    expect(instrumentation.getConfig()).toEqual({ enabled: true, discover: false });
  });

  it('names an option that there is not, and none that every instrumentation has', () => {
    make({ enabled: true }).disable();
    expect(lines).toEqual([]);
    make({ metods: { ping: 'off' } } as McpInstrumentationConfig);
    expect(lines).toEqual(['mcp.metods is not an option and has no effect.']);
  });

  it('writes spans and points to the providers it is given, servers and clients alike', async () => {
    const instrumentation = make();
    register(instrumentation);
    const { client } = await connectInMemory(instrumentation.instrumentServer(makeServer()));
    instrumentation.instrumentClient(client);
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    expect(telemetry.span('tools/call echo', SpanKind.SERVER).instrumentationScope).toMatchObject({
      name: 'handoff-otel',
      version: PACKAGE_VERSION,
    });
    telemetry.span('tools/call echo', SpanKind.CLIENT);
    expect((await telemetry.points('tools/call')).map(({ count }) => count)).toEqual([1]);
    expect((await telemetry.points('tools/call', 'mcp.client.operation.duration')).map(({ count }) => count)).toEqual([1]);
  });

  it('uses providers that are set later from then on, on connections that are open already', async () => {
    const instrumentation = make();
    const { client } = await connectInMemory(instrumentation.instrumentServer(makeServer()));
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    expect(calls()).toBe(0);
    register(instrumentation);
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    expect(calls()).toBe(1);
    expect(await telemetry.points('tools/call')).toHaveLength(1);
    expect(await telemetry.counts('handoff.mcp.server.active_requests')).toMatchObject({ 'tools/call': 0 });

    const other = new TelemetryHarness();
    instrumentation.setTracerProvider(other.tracerProvider);
    instrumentation.setMeterProvider(other.meterProvider);
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    expect(calls()).toBe(1);
    expect(other.spansNamed('tools/call echo')).toHaveLength(1);
    expect(await other.points('tools/call')).toHaveLength(1);
    await other.dispose();
  });

  it('does nothing until it is enabled when it was made so, and then covers what it was handed before', async () => {
    const instrumentation = make({ enabled: false });
    instrumentation.setTracerProvider(telemetry.tracerProvider);
    const server = instrumentation.instrumentServer(makeServer());
    expect(Object.hasOwn(server.server, 'connect')).toBe(false);
    instrumentation.enable();
    await call(server);
    expect(calls()).toBe(1);
  });

  it('restores everything when it is disabled, and works again when it is enabled again', async () => {
    const instrumentation = make();
    register(instrumentation);
    const server = makeServer();
    const { connect } = server.server;
    instrumentation.instrumentServer(server);
    expect(server.server.connect).not.toBe(connect);
    instrumentation.disable();
    expect(server.server.connect).toBe(connect);
    instrumentation.disable();
    const { client } = await connectInMemory(server);
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    expect(calls()).toBe(0);
    instrumentation.enable();
    instrumentation.enable();
    await client.callTool({ name: 'echo', arguments: { text: 'a' } });
    expect(calls()).toBe(1);
    expect(lines).toEqual([]);
  });

  it('takes another configuration for what connects from then on', async () => {
    const instrumentation = make();
    register(instrumentation);
    instrumentation.setConfig({ ...quiet, mode: 'off' });
    expect(instrumentation.getConfig()).toMatchObject({ enabled: true, mode: 'off' });
    await call(instrumentation.instrumentServer(makeServer()));
    expect(calls()).toBe(0);
    instrumentation.setConfig(quiet);
    await call(instrumentation.instrumentServer(makeServer()));
    expect(calls()).toBe(1);
  });

  it('makes no second span beside another one, says so once, and hands on to it what it is given', async () => {
    const first = make();
    const second = make();
    register(first, second);
    expect(lines).toEqual([
      'mcp: McpInstrumentation already instruments the MCP servers and clients of this process, so McpInstrumentation leaves them to it.',
    ]);
    const server = second.instrumentServer(first.instrumentServer(makeServer()));
    await call(server);
    expect(calls()).toBe(1);
    await call(second.instrumentServer(makeServer()));
    expect(calls()).toBe(2);
    second.disable();
    await call(first.instrumentServer(makeServer()));
    expect(calls()).toBe(3);
  });

  it('takes over when the other one is disabled and it is enabled once more', async () => {
    const first = make();
    const second = make();
    register(first, second);
    first.disable();
    second.disable();
    second.enable();
    await call(second.instrumentServer(makeServer()));
    expect(calls()).toBe(1);
  });

  it.each([[null], [5], [{ mode: 7, methods: 'no', capture: 5 }], [unreadable()]])('survives any configuration: %#', (config) => {
    const instrumentation = make();
    instrumentation.setConfig(config as never);
    instrumentation.disable();
    instrumentation.setConfig({ ...(typeof instrumentation.getConfig() === 'object' ? instrumentation.getConfig() : {}), discover: false });
    instrumentation.enable();
    expect(instrumentation.instrumentServer(undefined)).toBeUndefined();
    expect(() => new McpInstrumentation(config as never).disable()).not.toThrow();
  });
});

function unreadable(): object {
  return new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('it cannot be read');
      },
    },
  );
}
