import { failureOf } from '../lab.js';
import type { Lab } from '../lab.js';
import { graded, notApplicable } from '../row.js';
import type { Finding, Row } from '../row.js';
import type { Road } from '../subject.js';
import { HOST_SPANS } from '../subject.js';
import type { Stage } from '../stages/stage.js';
import { isPropagated } from './propagation.js';

const ECHO = { name: 'echo', arguments: { text: 'a' } };

/** Requests that every server has, by era. */
const REQUESTS: Readonly<Record<'both' | 'sessions' | 'http', readonly (readonly [string, object])[]>> = {
  both: [
    ['tools/list', {}],
    ['prompts/list', {}],
    ['prompts/get', { name: 'greet', arguments: { who: 'you' } }],
    ['resources/list', {}],
    ['resources/templates/list', {}],
    ['resources/read', { uri: 'note://one' }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'who', value: '' } }],
    ['made/up', {}],
  ],
  sessions: [
    ['ping', {}],
    ['logging/setLevel', { level: 'info' }],
  ],
  http: [['server/discover', {}]],
};

/** Whether a generation is served at all: a span of whoever answered, or at least the caller's context. */
async function servedOn(lab: Lab, road: Road): Promise<Finding> {
  if (lab.subject.createHandler !== undefined && road === 'v1') return { cell: '-', observed: 'takes servers of SDK v2 only' };
  const at = lab.subject.createHandler === undefined ? road : 'http';
  return lab.on(
    {},
    async (stage) => {
      await stage.request('tools/call', ECHO);
      if ((await lab.received('tools/call')) !== undefined) return { cell: 'Y', observed: 'a span of the server for tools/call' };
      if ((await lab.sent('tools/call')) !== undefined) return { cell: 'P', observed: 'a span of the client only' };
      const propagated = await isPropagated(lab, stage);
      return propagated ? { cell: 'P', observed: 'no span, but the context of the caller' } : { cell: '-', observed: 'nothing' };
    },
    at,
  );
}

/** Which of these requests made a span on the server. */
async function seen(lab: Lab, stage: Stage, requests: readonly (readonly [string, object])[]): Promise<Record<string, boolean>> {
  const parts: Record<string, boolean> = {};
  for (const [method, params] of requests) {
    lab.subject.clear();
    await failureOf(stage.request(method, params));
    // A made-up method may be told by another name; nothing else is under way.
    const spans = await lab.spans((all) => all.some(({ kind }) => kind !== 'CLIENT'));
    parts[method] = spans.some(({ kind }) => kind !== 'CLIENT');
    await lab.quiet();
  }
  return parts;
}

export const coverageRows: readonly Row[] = [
  {
    title: 'SDK v1 (`@modelcontextprotocol/sdk`)',
    rule: 'A `tools/call` on a server of SDK v1. Y: a span of the server. P: only one of the client, or only trace context. -: nothing.',
    test: 'test/integration/instrumentation/mcp/sdkV1.test.ts',
    once: true,
    run: (lab) => servedOn(lab, 'v1'),
  },
  {
    title: 'SDK v2 (`@modelcontextprotocol/server`, `client`)',
    rule: 'The same on SDK v2.',
    test: 'test/integration/instrumentation/mcp/handlers.test.ts',
    once: true,
    run: (lab) => servedOn(lab, 'v2'),
  },
  {
    title: 'incoming `tools/call`',
    rule: 'Y: exactly one span of the server. P: several. -: none.',
    test: 'test/integration/instrumentation/mcp/requests.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        await stage.request('tools/call', ECHO);
        await lab.received('tools/call');
        await lab.quiet();
        const count = (await lab.spans(() => true)).filter(({ kind }) => kind !== 'CLIENT').length;
        return { cell: count === 1 ? 'Y' : count > 1 ? 'P' : '-', observed: count === 0 ? 'none' : count === 1 ? 'one' : 'several' };
      }),
  },
  {
    title: 'all other incoming requests',
    rule: 'Initialize, lists, reads, prompts, completion, ping, logging level, discovery, and a method that does not exist. Y: a span for each. P: for some. -: for none.',
    test: 'test/integration/instrumentation/mcp/requests.test.ts',
    run: async (lab) => {
      lab.subject.clear();
      const first = await lab.openRemembering();
      const initialize = lab.road === 'http' ? {} : { initialize: (await lab.received('initialize')) !== undefined };
      await lab.quiet();
      const parts = await seen(lab, first, [...REQUESTS.both, ...(lab.road === 'http' ? REQUESTS.http : REQUESTS.sessions)]);
      await first.close();
      return graded({ ...initialize, ...parts });
    },
  },
  {
    title: 'calls that the SDK refuses',
    rule: 'A tool that does not exist, and arguments that do not fit. Y: a span for both. P: for one. -: for none.',
    test: 'test/integration/instrumentation/mcp/handlers.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        const parts = {
          'unknown tool': (await seen(lab, stage, [['tools/call', { name: 'made-up' }]]))['tools/call'] === true,
          'bad input': (await seen(lab, stage, [['tools/call', { name: 'echo', arguments: { text: 7 } }]]))['tools/call'] === true,
        };
        return graded(parts);
      }),
  },
  {
    title: 'notifications, both ways',
    rule: 'On the server: `notifications/roots/list_changed` received, `notifications/tools/list_changed` sent; a handler for HTTP receives only. Y: a span for each. P: for one. -: for none.',
    test: 'test/integration/instrumentation/mcp/notifications.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        await stage.notify('notifications/roots/list_changed');
        const received = (await lab.received('notifications/roots/list_changed')) !== undefined;
        if (stage.server === undefined) return graded({ received });
        lab.subject.clear();
        await stage.server.announce();
        const method = 'notifications/tools/list_changed';
        return graded({ received, sent: (await lab.sent(method)) !== undefined || (await lab.received(method)) !== undefined });
      }),
  },
  {
    title: 'requests that a server sends',
    rule: '`sampling/createMessage`. Y: a CLIENT span on the server. P: a span of another kind. -: none. n.a.: a handler without sessions cannot send any.',
    test: 'test/integration/instrumentation/mcp/serverSent.test.ts',
    run: (lab) =>
      lab.on({}, async ({ server }) => {
        if (server === undefined) return notApplicable('cannot send any');
        await server.sample();
        if ((await lab.sent('sampling/createMessage')) !== undefined) return { cell: 'Y', observed: 'a CLIENT span' };
        const other = await lab.received('sampling/createMessage');
        return other === undefined ? { cell: '-', observed: 'none' } : { cell: 'P', observed: `a span of kind ${other.kind}` };
      }),
  },
  {
    title: 'client side',
    rule: 'Calls, lists, reads, prompts, ping, completion and logging level of an instrumented client. Y: a CLIENT span for each. P: for some, or trace context only. -: for none.',
    test: 'test/integration/instrumentation/mcp/clients.test.ts',
    run: async (lab) => {
      if (lab.subject.wrapClient === undefined) return { cell: '-', observed: 'has nothing for clients' };
      return lab.on({ side: 'client' }, async (stage) => {
        const { client } = stage;
        if (client === undefined) return notApplicable('no client on this road');
        const calls: Record<string, () => Promise<unknown>> = {
          'tools/call': () => client.callTool(ECHO),
          'tools/list': () => client.listTools(),
          'prompts/list': () => client.listPrompts(),
          'prompts/get': () => client.getPrompt({ name: 'greet', arguments: { who: 'you' } }),
          'resources/list': () => client.listResources(),
          'resources/read': () => client.readResource({ uri: 'note://one' }),
          ping: () => client.ping(),
          'completion/complete': () =>
            client.complete({ ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'who', value: '' } }),
          'logging/setLevel': () => client.setLoggingLevel('info'),
        };
        const parts: Record<string, boolean> = {};
        for (const [method, call] of Object.entries(calls)) {
          lab.subject.clear();
          await call();
          parts[method] = (await lab.sent(method)) !== undefined;
        }
        const finding = graded(parts);
        if (finding.cell !== '-') return finding;
        await lab.subject.inSpan(HOST_SPANS.caller, () => client.callTool(ECHO));
        const injects = stage.received.at(-1)?.params?._meta?.['traceparent'] !== undefined;
        return injects ? { cell: 'P', observed: 'no spans, but trace context in what is sent' } : finding;
      });
    },
  },
];
