import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpOptions } from '../../../../src/instrumentation/mcp/options.js';
import { Ledger } from './faults/ledger.js';
import { RawConnection, rawServers } from './faults/rawConnection.js';
import type { RawServer } from './faults/rawConnection.js';
import { secret, whereabouts } from './faults/whereabouts.js';

let ledger: Ledger;
beforeEach(() => {
  ledger = new Ledger();
});
afterEach(async () => {
  await ledger.dispose();
});

const HEX = '0af7651916cd43dd8448eb211c80319c';

class TicketError extends Error {
  readonly code = secret('error code');
  readonly data = { detail: secret('error data') };
  override readonly cause = new Error(secret('error cause'));
}

function prepare(raw: RawServer): RawServer {
  raw.tool('answer', () => ({
    content: [{ type: 'text', text: secret('result') }],
    structuredContent: { a: secret('result') },
    _meta: { a: secret('result meta') },
  }));
  raw.tool('refuse', () => ({ content: [{ type: 'text', text: secret('refusal') }], isError: true }));
  raw.tool('explode', () => {
    throw new TicketError(secret('error message'));
  });
  raw.tool('explode-later', async () => {
    await Promise.resolve();
    throw Object.assign(new TicketError(`first line\n    at ${secret('error message')} (x:1:1)`), { name: secret('error name') });
  });
  raw.prompt('greet', () => {
    throw new TicketError(secret('error message'));
  });
  raw.resource('note://one', () => {
    throw new TicketError(secret('error message'));
  });
  raw.onTold(async () => Promise.reject(new TicketError(secret('error message'))));
  return raw;
}

/** Puts a secret into everything a peer may choose. */
async function converse(options: McpOptions, make: () => RawServer): Promise<readonly string[]> {
  const raw = prepare(make());
  ledger.instrumentation({ options }).instrumentServer(raw.server);
  const connection = await new RawConnection(raw).open();
  const _meta = {
    traceparent: `00-${HEX}-b7ad6b7169203331-01`,
    tracestate: `k=${secret('tracestate')}`,
    baggage: `user=${secret('baggage')},${secret('baggage key')}=1`,
    progressToken: secret('progress token'),
    [secret('meta key')]: secret('meta'),
    'io.modelcontextprotocol/protocolVersion': secret('protocol version'),
  };
  const args = {
    text: secret('argument'),
    password: secret('password'),
    [secret('argument key')]: 1,
    note: `api_key=${secret('key in a text')}`,
  };
  let id = 0;
  const ask = (method: string, params: object): Promise<void> =>
    connection.say(
      { jsonrpc: '2.0', id: `${secret('request id')} ${(id += 1)}`, method, params: { ...params, _meta } },
      { authInfo: { token: secret('auth token'), clientId: secret('client id') } },
    );
  await connection.say({
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: { experimental: { [secret('capability')]: {} } },
      clientInfo: { name: secret('client name'), version: secret('client version'), title: secret('client title') },
    },
  });
  for (const name of ['answer', 'refuse', 'explode', 'explode-later', secret('tool')]) await ask('tools/call', { name, arguments: args });
  for (const name of ['greet', secret('prompt')]) await ask('prompts/get', { name, arguments: args });
  for (const uri of ['note://one', `note://${secret('uri')}?token=${secret('uri')}`]) await ask('resources/read', { uri });
  await ask(secret('method'), { a: secret('params') });
  await ask('completion/complete', {
    ref: { type: 'ref/prompt', name: secret('completion') },
    argument: { name: 'a', value: secret('completion') },
  });
  await ask('logging/setLevel', { level: secret('level') });
  await connection.say({ jsonrpc: '2.0', id: 1000, method: 'ping', params: secret('broken params') });
  await connection.say({ jsonrpc: secret('version'), id: 1001, method: 'ping' });
  await connection.say({
    jsonrpc: '2.0',
    method: 'notifications/cancelled',
    params: { requestId: secret('cancelled id'), reason: secret('cancel reason'), _meta },
  });
  await connection.say({ jsonrpc: '2.0', method: 'notifications/roots/list_changed', params: { _meta } });
  await connection.say({
    jsonrpc: '2.0',
    method: 'notifications/message',
    params: { level: 'info', data: secret('log line'), logger: secret('logger') },
  });
  await connection.close();
  expect(ledger.ended.length).toBeGreaterThan(15);
  return whereabouts(ledger.ended, await ledger.metrics());
}

/**
 * What the conventions ask for: a made-up name stays on its span, an id and a version are span attributes, and a trace's own state travels
 * with it.
 */
const REQUIRED = [
  'client name: span handoff.mcp.client.name',
  'client version: span handoff.mcp.client.version',
  'prompt: span gen_ai.prompt.name',
  'request id: span jsonrpc.request.id',
  'tool: span gen_ai.tool.name',
  'tracestate: tracestate',
  'uri: span mcp.resource.uri',
  'version: span jsonrpc.protocol.version',
];

describe.each(rawServers)('content of $name', ({ make }) => {
  it('stays in: by default telemetry shows what the conventions require, on spans only', async () => {
    expect(await converse({}, make)).toEqual(REQUIRED);
  });

  it('stays in when everything else is switched on', async () => {
    expect(
      await converse(
        { baggageKeys: 'all', spans: { progress: true }, longSessions: true, network: { transport: 'pipe' }, conversation: {} },
        make,
      ),
    ).toEqual(REQUIRED);
  });

  it('stays in when capturing is misconfigured', async () => {
    expect(await converse({ capture: { arguments: true, results: true, maxBytes: 1 } }, make)).toEqual(REQUIRED);
  });

  it('comes out only as asked for, without its secrets', async () => {
    const shown = await converse(
      { capture: { arguments: true, results: true, promptVariables: true, redactKeys: ['argument key'] } },
      make,
    );
    expect(shown).toEqual(
      [
        ...REQUIRED,
        'argument key: span attribute key',
        'argument key: span gen_ai.tool.call.arguments',
        'argument: span gen_ai.prompt.variable.text',
        'argument: span gen_ai.tool.call.arguments',
        'error message: span gen_ai.tool.call.result',
        'refusal: span gen_ai.tool.call.result',
        'result meta: span gen_ai.tool.call.result',
        'result: span gen_ai.tool.call.result',
        // SDK v1 turns an unknown tool into a result that names it, v2 into an error.
        ...(make === rawServers[0]?.make ? ['tool: span gen_ai.tool.call.result'] : []),
      ].sort(),
    );
  });

  it('of tools that are denied stays in', async () => {
    const shown = await converse({ capture: { arguments: true, results: true, tools: { allow: ['answer'], deny: ['refuse'] } } }, make);
    expect(shown.filter((each) => each.includes('gen_ai.tool.call'))).toEqual([
      'argument key: span gen_ai.tool.call.arguments',
      'argument: span gen_ai.tool.call.arguments',
      'result meta: span gen_ai.tool.call.result',
      'result: span gen_ai.tool.call.result',
    ]);
  });

  it('in error texts is redacted by the same rules', async () => {
    const raw = make();
    raw.tool('explode', () => {
      throw new Error(`could not log in with password=${secret('password')} as bob`);
    });
    ledger.instrumentation({ options: { capture: { errorMessages: true } } }).instrumentServer(raw.server);
    const connection = await new RawConnection(raw).open();
    await connection.say({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'explode' } });
    await connection.close();
    expect(whereabouts(ledger.ended, await ledger.metrics())).toEqual([]);
    expect(ledger.ended[0]?.events[0]?.attributes).toMatchObject({
      'exception.message': 'could not log in with password=[redacted] as bob',
    });
  });
});
