import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escaping } from './strays.js';
import { Ledger } from './ledger.js';
import { RawConnection, quiet, rawServers } from './rawConnection.js';
import type { RawServer } from './rawConnection.js';

const MESSAGES = 10_000;
const SEED = 20_261_122;
/** Messages on one connection; later ones meet ids, cancellations and answers of earlier ones. */
const PER_CONNECTION = 50;

const id = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>('a', '1', '', '__proto__') },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, undefined, 1.5, -0, true, [], {}, Number.NaN, 1n) },
);
const method = fc.oneof(
  fc.constantFrom(
    'initialize',
    'ping',
    'tools/list',
    'tools/call',
    'tools/call',
    'tools/call',
    'prompts/get',
    'prompts/list',
    'resources/read',
    'resources/list',
    'resources/subscribe',
    'completion/complete',
    'logging/setLevel',
    'server/discover',
    'subscriptions/listen',
    'tasks/get',
    'sampling/createMessage',
    'notifications/cancelled',
    'notifications/progress',
    'notifications/roots/list_changed',
    'notifications/initialized',
    'made/up',
    '',
    '__proto__',
  ),
  fc.anything({ maxDepth: 1 }),
);
const junk = fc.anything({ maxDepth: 3, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true });
const meta = fc.oneof(
  fc.record(
    {
      traceparent: fc.oneof(fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'), junk),
      tracestate: junk,
      baggage: junk,
      progressToken: id,
      'io.modelcontextprotocol/protocolVersion': fc.oneof(fc.constant('2026-07-28'), junk),
    },
    { requiredKeys: [] },
  ),
  junk,
);
const params = fc.oneof(
  fc.record(
    {
      name: fc.oneof(fc.constantFrom('echo', 'refuse', 'explode', 'hang', 'greet', 'nobody', '__proto__'), junk),
      arguments: junk,
      uri: fc.oneof(fc.constantFrom('note://one', 'note://nobody'), junk),
      requestId: id,
      progressToken: id,
      level: fc.constantFrom<unknown>('info', 7),
      protocolVersion: fc.oneof(fc.constantFrom('2025-11-25', '2026-07-28', '1.0'), junk),
      capabilities: fc.oneof(fc.constant({}), junk),
      clientInfo: fc.oneof(fc.constant({ name: 'c', version: '1' }), junk),
      cursor: junk,
      inputResponses: junk,
      requestState: junk,
      taskId: junk,
      _meta: meta,
    },
    { requiredKeys: [] },
  ),
  junk,
);
const message = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      {
        jsonrpc: fc.oneof({ weight: 20, arbitrary: fc.constant<unknown>('2.0') }, { weight: 1, arbitrary: junk }),
        id,
        method,
        params,
        result: junk,
        error: junk,
      },
      { requiredKeys: ['jsonrpc', 'method'] },
    ),
  },
  { weight: 3, arbitrary: fc.record({ jsonrpc: fc.constant('2.0'), method, params }, { requiredKeys: ['jsonrpc', 'method'] }) },
  {
    weight: 2,
    arbitrary: fc.record(
      { jsonrpc: fc.constant('2.0'), id, result: junk, error: fc.oneof(fc.record({ code: junk, message: junk }), junk) },
      { requiredKeys: ['jsonrpc', 'id'] },
    ),
  },
  { weight: 1, arbitrary: junk },
);

function prepare(raw: RawServer): RawServer {
  raw.tool('echo', () => ({ content: [{ type: 'text', text: 'fine' }] }));
  raw.tool('refuse', () => ({ content: [], isError: true }));
  raw.tool('explode', () => {
    throw new RangeError('no');
  });
  raw.tool('hang', () => new Promise(() => undefined));
  raw.prompt('greet', () => ({ messages: [] }));
  raw.resource('note://one', () => ({ contents: [{ uri: 'note://one', text: 'x' }] }));
  raw.onTold(async () => {
    await quiet();
    throw new Error('told in vain');
  });
  return raw;
}

const messages = fc.sample(message, { numRuns: MESSAGES, seed: SEED });

/** All messages, the very same objects every time, to as many servers as it takes. */
async function converse(make: () => RawServer, instrument: (raw: RawServer) => void): Promise<unknown> {
  const transcripts: unknown[] = [];
  for (let from = 0; from < messages.length; from += PER_CONNECTION) {
    const raw = prepare(make());
    instrument(raw);
    const connection = await new RawConnection(raw).open();
    for (const each of messages.slice(from, from + PER_CONNECTION)) await connection.tell(each);
    await quiet();
    await connection.close();
    transcripts.push(connection.transcript);
  }
  return transcripts;
}

it.each(rawServers)(
  `$name answers ${MESSAGES} malformed messages as without us, and leaves nothing open`,
  async ({ make }) => {
    const expected = await escaping(() => converse(make, () => undefined));
    const ledger = new Ledger();
    const instrumentation = ledger.instrumentation({
      options: {
        capture: { arguments: true, results: true, promptVariables: true, sizes: true, errorMessages: true },
        spans: { progress: true },
      },
    });
    const actual = await escaping(() => converse(make, (raw) => instrumentation.instrumentServer(raw.server)));
    expect(actual).toEqual(expected);
    expect(ledger.open).toEqual([]);
    expect(await ledger.counted()).toEqual([]);
    expect(ledger.ended.length).toBeGreaterThan(MESSAGES / 4);
    expect(JSON.stringify(expected)).toMatch(/fine.*-3260[0-9]/s);
    await ledger.dispose();
  },
  60_000,
);
