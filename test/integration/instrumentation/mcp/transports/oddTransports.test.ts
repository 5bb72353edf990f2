import { SpanKind } from '@opentelemetry/api';
import { InMemoryTransport as InMemoryV1 } from '@modelcontextprotocol/sdk/inMemory.js';
import { InMemoryTransport as InMemoryV2 } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generations } from '../../../../unit/instrumentation/mcp/generations.js';
import { TelemetryHarness, eventually } from '../../../../unit/instrumentation/mcp/telemetryHarness.js';
import { oddTransports } from './oddTransports.js';
import type { OddTransport } from './oddTransports.js';
import type { Ran, Wire } from './tracking.js';

type Side = 'client' | 'server';
/** When the server or client is handed over: before it connects, or when it is connected already. */
type When = 'before' | 'after' | 'never';

let telemetry: TelemetryHarness;
let notices: string[];
let openCalls: number | undefined;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  notices = [];
});
afterEach(async () => {
  await telemetry.dispose();
});

const linked = { 'SDK v1': () => InMemoryV1.createLinkedPair(), 'SDK v2': () => InMemoryV2.createLinkedPair() };

describe.each(generations)('$name', ({ name, make }) => {
  describe.each(['client', 'server'] as const)('a %s', (side) => {
    it.each(oddTransports)('on a transport $name runs nothing of it more often than without us, and has its spans', async (odd) => {
      const bare = await conversation(odd, side, 'never');
      expect(bare.ran.length > 0).toBe(true);
      expect(telemetry.spans).toEqual([]);
      expect(await conversation(odd, side, 'before')).toEqual(bare);
      await eventually(() => telemetry.spans.filter(isCall).length > 0, 'the span of the call');
      expect(spansOf(side)).toEqual([side === 'server' ? ['tools/call echo', SpanKind.SERVER] : ['tools/call echo', SpanKind.CLIENT]]);
      expect(openCalls).toBe(0);
      expect(notices.filter((line) => line.includes('cannot be hooked'))).toHaveLength(odd.isClosed ? 1 : 0);
      expect(notices).toHaveLength(odd.isClosed ? 1 : 0);
    });

    it.each(oddTransports)('connected already, on a transport $name, too', async (odd) => {
      const bare = await conversation(odd, side, 'never');
      expect(await conversation(odd, side, 'after')).toEqual(bare);
      await eventually(() => telemetry.spans.filter(isCall).length > 0, 'the span of the call');
      expect(spansOf(side)).toHaveLength(1);
    });
  });

  /** Connects, calls a tool and closes; answers what code of the transport ran, in order. */
  async function conversation(
    { around }: OddTransport,
    side: Side,
    when: When,
  ): Promise<{ ran: Ran; transport: boolean; answer: unknown }> {
    const ran: Ran = [];
    const pair = make();
    const [atClient, atServer] = linked[name as keyof typeof linked]() as unknown as [Wire, Wire];
    const odd = around(side === 'client' ? atClient : atServer, ran);
    const wires = { client: side === 'client' ? odd : atClient, server: side === 'server' ? odd : atServer };
    const { instrumentClient, instrumentServer, disable } = telemetry.instrumentation({ onUnhooked: (line) => notices.push(line) });
    const hand = (): unknown => (side === 'client' ? instrumentClient(pair.client) : instrumentServer(pair.server));
    if (when === 'before') hand();
    await pair.server.connect(wires.server as never);
    await pair.client.connect(wires.client as never);
    if (when === 'after') hand();
    await pair.listTools();
    const answer = await pair.call('echo');
    const { transport } = ('server' in pair.server ? (side === 'server' ? pair.server.server : pair.client) : pair.client) as {
      transport?: unknown;
    };
    const seen = transport === odd;
    if (when !== 'never') openCalls = (await telemetry.counts(`handoff.mcp.${side}.active_requests`))['tools/call'];
    await pair.close();
    disable();
    return { ran, transport: seen, answer };
  }

  const isCall = ({ attributes }: { attributes: object }): boolean => 'gen_ai.tool.name' in attributes;
  const spansOf = (side: Side): [string, SpanKind][] =>
    telemetry.spans
      .filter(isCall)
      .filter(({ kind }) => kind === (side === 'server' ? SpanKind.SERVER : SpanKind.CLIENT))
      .map((span) => [span.name, span.kind]);
});
