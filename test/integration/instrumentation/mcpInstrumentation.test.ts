import { describe, expect, it } from 'vitest';
import { findSpans, startOtlpReceiver } from '../../../src/testing.js';
import type { OtlpReceiver } from '../../../src/testing.js';
import { runProcess } from './instrumentedProcess.js';

/** A client and a server that know nothing of us; the SDK is found. */
const CALL = `
  const { InMemoryTransport, McpServer } = await import('@modelcontextprotocol/server');
  const { Client } = await import('@modelcontextprotocol/client');
  async function call() {
    const server = new McpServer({ name: 's', version: '1' });
    server.registerTool('roll', {}, () => ({ content: [] }));
    const [a, b] = InMemoryTransport.createLinkedPair();
    await server.connect(b);
    const client = new Client({ name: 'c', version: '1' });
    await client.connect(a);
    await client.callTool({ name: 'roll' });
    await client.close();
  }`;

const NODE_SDK = `
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const { McpInstrumentation } = await import('./src/mcp.ts');`;

const env = (receiver: OtlpReceiver): Readonly<Record<string, string>> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_LOGS_EXPORTER: 'none',
  OTEL_SERVICE_NAME: 'host',
});

const kinds = (receiver: OtlpReceiver): string[] =>
  findSpans(receiver.spans(), { name: 'tools/call roll' })
    .map(({ kind }) => kind)
    .sort();

const durations = (receiver: OtlpReceiver): string[] =>
  [...new Set(receiver.metricPoints().map(({ metric }) => metric))].filter((name) => /^mcp\..*operation\.duration$/u.test(name)).sort();

describe('McpInstrumentation in a set-up with NodeSDK', () => {
  it.each([
    [
      'before the MCP SDK was loaded',
      `${NODE_SDK}; const sdk = new NodeSDK({ instrumentations: [new McpInstrumentation()] }); sdk.start(); ${CALL}`,
    ],
    [
      'after the MCP SDK was loaded',
      `${CALL}; ${NODE_SDK}; const sdk = new NodeSDK({ instrumentations: [new McpInstrumentation()] }); sdk.start();`,
    ],
  ])('finds servers and clients: %s', async (_, start) => {
    await using receiver = await startOtlpReceiver();
    const { code, stdout, stderr } = await runProcess({
      code: `${start}; await call(); await sdk.shutdown(); await call();`,
      env: env(receiver),
    });
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' });
    expect(kinds(receiver)).toEqual(['CLIENT', 'SERVER']);
    expect(durations(receiver)).toEqual(['mcp.client.operation.duration', 'mcp.server.operation.duration']);
  });

  it('reads HANDOFF_MCP_*', async () => {
    await using receiver = await startOtlpReceiver();
    const start = `${NODE_SDK}; const sdk = new NodeSDK({ instrumentations: [new McpInstrumentation()] }); sdk.start(); ${CALL}`;
    const { code } = await runProcess({
      code: `${start}; await call(); await sdk.shutdown();`,
      env: { ...env(receiver), HANDOFF_MCP_MODE: 'off' },
    });
    expect(code).toBe(0);
    expect(kinds(receiver)).toEqual([]);
  });
});

describe('McpInstrumentation and instrument() in one process', () => {
  const notice = (holder: string, other: string): string =>
    `handoff-otel: mcp: ${holder} already instruments the MCP servers and clients of this process, so ${other} leaves them to it.\n`;

  it('make one span of a message when instrument() comes first', async () => {
    await using receiver = await startOtlpReceiver();
    const start = `const { instrument } = await import('./src/index.ts'); const handle = instrument(); ${NODE_SDK}; new McpInstrumentation(); ${CALL}`;
    const { code, stderr } = await runProcess({ code: `${start}; await call(); await handle.shutdown();`, env: env(receiver) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: notice('instrument()', 'McpInstrumentation') });
    expect(kinds(receiver)).toEqual(['CLIENT', 'SERVER']);
  });

  it('make one span of a message when instrument() joins', async () => {
    await using receiver = await startOtlpReceiver();
    const start = `${NODE_SDK}; const sdk = new NodeSDK({ instrumentations: [new McpInstrumentation()] }); sdk.start();
      const { instrument } = await import('./src/index.ts'); const handle = instrument(); ${CALL}`;
    const { code, stderr } = await runProcess({
      code: `${start}; await call(); await handle.shutdown(); await sdk.shutdown();`,
      env: env(receiver),
    });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(notice('McpInstrumentation', 'instrument()'));
    expect(kinds(receiver)).toEqual(['CLIENT', 'SERVER']);
    expect(durations(receiver)).toEqual(['mcp.client.operation.duration', 'mcp.server.operation.duration']);
  });
});
