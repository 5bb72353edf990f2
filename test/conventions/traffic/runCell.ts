import type { McpOptions } from '../../../src/instrumentation/mcp/options.js';
import type { Cell, OpenCell } from '../cells/cell.js';
import { Recorder } from '../telemetry/recorder.js';
import type { Recording } from '../telemetry/recorded.js';
import { expectsSpan } from '../rules/chatty.js';
import { exchangesOf } from '../wire/message.js';
import type { Exchange } from '../wire/message.js';
import { writtenByEntry } from '../rules/entry.js';
import type { WireLog } from '../wire/tap.js';
import { CONNECT, casesOf } from './cases.js';
import { seen, until } from './case.js';
import type { Case, CaseContext } from './case.js';

/** All that the conventions make opt-in. */
const EVERYTHING: McpOptions = {
  capture: { arguments: true, results: true, promptVariables: true, errorMessages: true, sizes: true },
  spans: { progress: true },
  resourceUriInName: true,
};

/** What a host says of a transport that cannot be told. */
const TOLD = { 'network.transport': 'quic', 'network.protocol.name': 'http', 'network.protocol.version': '3' } as const;
const NETWORK: McpOptions = {
  network: {
    transport: TOLD['network.transport'],
    protocolName: TOLD['network.protocol.name'],
    protocolVersion: TOLD['network.protocol.version'],
  },
};

/** How long late spans are waited for. Passing runs never use it up: they go on as soon as the last span is there. */
const LATE_MS = 20_000;

/** `opted in`: with everything that is off by default. `broken`: a little traffic, and then the connection fails. */
export type Variant = 'plain' | 'opted in' | 'broken';

/** Variants a cell is run in: one of each kind that can show what it is for. */
export function variantsOf({ transport }: Cell): Variant[] {
  if (transport === 'in-memory') return ['plain', 'opted in'];
  return transport === 'stdio' ? ['plain', 'broken'] : ['plain'];
}

/** Cases before a connection breaks. */
const BEFORE_BREAKING: ReadonlySet<string> = new Set([CONNECT, 'tools/list', 'tools/call ok']);

/** Runs the whole traffic table in one cell, both sides instrumented. */
export async function runCell(cell: Cell, variant: Variant = 'plain'): Promise<Recording> {
  const [optedIn, broken] = [variant === 'opted in', variant === 'broken'];
  const network = optedIn && cell.table === undefined ? TOLD : undefined;
  const options = { ...(optedIn ? EVERYTHING : {}), ...(network === undefined ? {} : NETWORK) };
  const client = new Recorder(options);
  const server = new Recorder(options);
  const log: WireLog = { entries: [], label: CONNECT };
  const gate = { started: 0 };
  const troubles = new Map<string, string>();
  const begun = performance.now();
  const open = await cell.open({ client: client.instrumentation, server: server.instrumentation, log, gate });
  const settle = settler(cell, log, optedIn, [client, server]);
  await settle(0);
  const sessionId = open.sessionId();
  await runCases({ cell, open, log, gate }, troubles, settle, ({ label }) => !broken || BEFORE_BREAKING.has(label));
  if (broken) await breakConnection(open);
  await closeAll(open);
  await settle(LATE_MS);
  const seconds = (performance.now() - begun) / 1000;
  const telemetry = { client: await client.read(), server: await server.read() };
  await Promise.all([client.dispose(), server.dispose()]);
  return {
    cell,
    optedIn,
    broken,
    network,
    exchanges: exchangesOf(log.entries),
    sessionId,
    address: open.address,
    seconds,
    telemetry,
    troubles,
  };
}

async function runCases(
  context: CaseContext,
  troubles: Map<string, string>,
  settle: (lateMs: number) => Promise<void>,
  wanted: (each: Case) => boolean,
): Promise<void> {
  const byLabel = Map.groupBy(casesOf(context.cell).present.filter(wanted), ({ label }) => label);
  for (const [label, sharing] of byLabel) {
    context.log.label = label;
    try {
      if (label !== CONNECT) await sharing[0]?.run(context);
      await arrived(sharing, context.log);
    } catch (error) {
      troubles.set(label, error instanceof Error ? error.message : String(error));
    }
    await settle(0);
  }
}

/** What was sent may still be on its way, and must not arrive under the label of the next case. */
async function arrived(sharing: readonly Case[], log: WireLog): Promise<void> {
  for (const { method, label } of sharing) await until(() => seen(log, method, label), `${method} travels`);
}

/** Lets messages that travel one way arrive before the next case begins; at the end, waits for spans that are still open. */
function settler(cell: Cell, log: WireLog, optedIn: boolean, recorders: readonly Recorder[]): (lateMs: number) => Promise<void> {
  return async (lateMs) => {
    const end = performance.now() + lateMs;
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    while (performance.now() < end) {
      const expected = exchangesOf(log.entries).reduce((sum, exchange) => sum + spansOf(cell, exchange, optedIn), 0);
      if (recorders.reduce((sum, recorder) => sum + recorder.finishedSpans, 0) >= expected) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
}

function spansOf(cell: Cell, exchange: Exchange, optedIn: boolean): number {
  if (!expectsSpan(exchange, optedIn)) return 0;
  return writtenByEntry({ cell, exchange }) ? 1 : 2;
}

/** Both sides get what they make of it before they are told to close. */
async function breakConnection(open: OpenCell): Promise<void> {
  const closed = open.client.closed();
  open.break?.();
  await closed;
}

async function closeAll(open: OpenCell): Promise<void> {
  await open.client.close();
  await open.close();
}
