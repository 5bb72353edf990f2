import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectGarbage } from './garbage.js';
import { TelemetryHarness } from './telemetryHarness.js';

const OPEN = 10_000;
/** A span that is not ended, its attributes, context and operation. Measured: see decision 0091. */
const BYTES_MAX = 3_000;

let telemetry: TelemetryHarness;
beforeEach(() => {
  telemetry = new TelemetryHarness();
});
afterEach(() => telemetry.dispose());

async function heapBytes(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** What 10,000 calls of a tool that never answers keep in memory. */
async function heldBy(instrument: (server: McpServer) => McpServer): Promise<number> {
  const server = instrument(new McpServer({ name: 'fixture', version: '1.0.0' }));
  let running = 0;
  server.registerTool('wait', {}, () => {
    running += 1;
    return new Promise<never>(() => undefined);
  });
  const [wire, end] = InMemoryTransport.createLinkedPair();
  await server.connect(end);
  await wire.start();
  const before = await heapBytes();
  for (let id = 0; id < OPEN; id += 1) await wire.send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'wait' } });
  await expect.poll(() => running).toBe(OPEN);
  const held = (await heapBytes()) - before;
  await server.close();
  return held;
}

describe('the memory of open requests', () => {
  it(`grows by about a kilobyte each, with ${OPEN} of them`, async () => {
    const bare = await heldBy((server) => server);
    const instrumentation = telemetry.instrumentation();
    const ours = await heldBy((server) => instrumentation.instrumentServer(server));
    const added = (ours - bare) / OPEN;
    // Less than a span holds would mean that none was made.
    expect(added).toBeGreaterThan(500);
    expect(added).toBeLessThan(BYTES_MAX);
    expect(telemetry.spansNamed('tools/call wait')).toHaveLength(OPEN);
  });
});
