import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cells } from './cells/matrix.js';
import { listen } from './cells/http.js';
import { failuresOf, judge } from './rules/judge.js';
import { registerGlobals, unregisterGlobals } from './telemetry/globals.js';
import { Recorder } from './telemetry/recorder.js';
import type { Recording } from './telemetry/recorded.js';
import { makeServerV2 } from './traffic/serverV2.js';
import { until } from './traffic/case.js';
import type { Exchange } from './wire/message.js';

beforeAll(registerGlobals);
afterAll(unregisterGlobals);

const VERSION = '2026-07-28';
const META = 'io.modelcontextprotocol/';

interface Refusal {
  readonly name: string;
  readonly code: number;
  readonly method: string;
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What `createMcpHandler` answers before there is a server to instrument. */
const refusals: readonly Refusal[] = [
  { name: 'a version nobody speaks', code: -32022, method: 'tools/list', version: '2099-01-01' },
  // Refused without a server there is no registry, so neither name is known to be a tool's.
  {
    name: 'a name that differs from its header',
    code: -32020,
    method: 'tools/call',
    headers: { 'mcp-name': 'somebody' },
    params: { name: 'nobody', arguments: {} },
  },
  { name: 'a method the protocol does not have', code: -32601, method: 'made/up' },
];

/** About a refused message the handler knows no more than its headers and its own answer. */
const JUDGED: ReadonlySet<string> = new Set([
  'span.count',
  'span.kind',
  'span.name',
  'span.status',
  'span.status.description',
  'mcp.method.name',
  'error.type',
  'rpc.response.status_code',
  'jsonrpc.request.id',
  'network.transport',
  'network.protocol.name',
  'attributes.allowed',
  'mcp.server.operation.duration',
]);

async function refuse({ method, version = VERSION, headers = {}, params = {} }: Refusal, server: Recorder): Promise<Exchange> {
  const served = server.instrumentation.instrumentHandler(
    createMcpHandler(() => server.instrumentation.instrumentServer(makeServerV2({ started: 0 }))),
  );
  const node = toNodeHandler(served);
  const http = await listen((request, response) => node(request as Parameters<typeof node>[0], response));
  const sent = {
    ...params,
    _meta: { [`${META}protocolVersion`]: version, [`${META}clientCapabilities`]: {}, [`${META}clientInfo`]: { name: 'raw', version: '1' } },
  };
  const answer = await fetch(http.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': version,
      'mcp-method': method,
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params: sent }),
  });
  const { error } = (await answer.json()) as Pick<Exchange, 'error'>;
  await until(() => server.finishedSpans > 0, 'a span');
  await served.close();
  await http.close();
  return { method, sender: 'client', label: 'refused', id: 7, params: sent, ...(error === undefined ? {} : { error }) };
}

describe('createMcpHandler refuses', () => {
  it.each(refusals.map((each): [string, Refusal] => [each.name, each]))('%s, and that is one operation', async (_name, refusal) => {
    const server = new Recorder();
    const exchange = await refuse(refusal, server);
    expect(exchange.error?.code).toBe(refusal.code);
    const cell = cells.find(({ sdk, transport }) => sdk === `v2 ${VERSION}` && transport === 'createMcpHandler');
    if (cell === undefined) throw new Error('no such cell');
    const telemetry = { client: { spans: [], metrics: [] }, server: await server.read() };
    const recording: Recording = {
      cell,
      optedIn: false,
      broken: false,
      network: undefined,
      exchanges: [exchange],
      sessionId: undefined,
      address: undefined,
      seconds: 60,
      telemetry,
      troubles: new Map(),
    };
    const verdicts = judge(recording).filter(({ side, subject }) => side === 'server' && JUDGED.has(subject));
    expect(verdicts.length).toBeGreaterThan(JUDGED.size - 1);
    expect(failuresOf(recording, verdicts)).toEqual([]);
    await server.dispose();
  });
});
