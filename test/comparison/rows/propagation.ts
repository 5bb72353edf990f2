import type { Lab } from '../lab.js';
import { graded, notApplicable } from '../row.js';
import type { Finding, Row } from '../row.js';
import { HOST_SPANS } from '../subject.js';
import type { Stage } from '../stages/stage.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;
const PROBE = { name: 'probe', arguments: { text: 'a' } };

/** Whether what runs in a handler belongs to the trace that the caller named. */
export async function isPropagated(lab: Lab, stage: Stage): Promise<boolean> {
  stage.probe.run = () => lab.subject.inSpan(HOST_SPANS.query, () => undefined);
  await stage.request('tools/call', { ...PROBE, _meta: { traceparent: TRACEPARENT } });
  return (await lab.hostSpan(HOST_SPANS.query))?.traceId === TRACE;
}

export const propagationRows: readonly Row[] = [
  {
    title: '`_meta` extract',
    rule: '`traceparent` in `params._meta`. Y: it is the parent of the span of the server; without spans, the trace of what the handler does. P: a link to it, or for one of the two only. -: not used.',
    test: 'test/integration/instrumentation/mcp/parents.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        const propagated = await isPropagated(lab, stage);
        const span = await lab.received('tools/call');
        if (span === undefined)
          return propagated
            ? { cell: 'Y', observed: 'no span; the handler runs in the trace of the caller' }
            : { cell: '-', observed: 'the handler runs in another trace' };
        if (span.parentSpanId === PARENT) return { cell: 'Y', observed: 'the parent of the span' };
        return span.links.includes(PARENT)
          ? { cell: 'P', observed: 'a link of the span; its parent is another' }
          : { cell: '-', observed: 'neither parent nor link' };
      }),
  },
  {
    title: 'link to the ambient span when `_meta` wins',
    rule: 'A call inside a span of the HTTP server, with `_meta`. Y: the parent is from `_meta`, and a link leads to the ambient span. P: the other way round. -: no link. n.a.: no span.',
    test: 'test/integration/instrumentation/mcp/parents.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        await lab.subject.inSpan(HOST_SPANS.http, () => stage.request('tools/call', { ...PROBE, _meta: { traceparent: TRACEPARENT } }));
        const span = await lab.received('tools/call');
        const ambient = await lab.hostSpan(HOST_SPANS.http);
        if (span === undefined || ambient === undefined) return notApplicable('no span');
        if (span.parentSpanId === PARENT && span.links.includes(ambient.spanId))
          return { cell: 'Y', observed: 'a link to the ambient span' };
        if (span.parentSpanId === ambient.spanId && span.links.includes(PARENT))
          return { cell: 'P', observed: 'the ambient span is the parent, `_meta` the link' };
        return { cell: '-', observed: 'no link' };
      }),
  },
  {
    title: '`_meta` inject',
    rule: 'What an instrumented client sends inside a span. Y: `traceparent` on calls, lists and notifications. P: on some. -: on none.',
    test: 'test/unit/instrumentation/mcp/propagation/inject.test.ts',
    run: async (lab): Promise<Finding> => {
      if (lab.subject.wrapClient === undefined) return { cell: '-', observed: 'has nothing for clients' };
      return lab.on({ side: 'client' }, async ({ client, received }) => {
        if (client === undefined) return notApplicable('no client on this road');
        const calls = {
          'tools/call': () => client.callTool(PROBE),
          'tools/list': () => client.listTools(),
          'notifications/roots/list_changed': () => client.sendRootsListChanged(),
        };
        const parts: Record<string, boolean> = {};
        for (const [method, call] of Object.entries(calls)) {
          await lab.subject.inSpan(HOST_SPANS.caller, (): Promise<unknown> => call());
          parts[method] = received.some((message) => message.method === method && message.params?._meta?.['traceparent'] !== undefined);
        }
        return graded(parts);
      });
    },
  },
  {
    title: '`_meta` of the caller left as it is',
    rule: 'An instrumented client, inside a span, is given a `_meta` with a `traceparent` of its own. Y: that one arrives, and the object is unchanged. P: one of the two. -: neither. n.a.: nothing for clients.',
    test: 'test/unit/instrumentation/mcp/propagation/inject.test.ts',
    run: async (lab): Promise<Finding> => {
      if (lab.subject.wrapClient === undefined) return notApplicable('has nothing for clients');
      return lab.on({ side: 'client' }, async ({ client, received }) => {
        if (client === undefined) return notApplicable('no client on this road');
        const given = { traceparent: TRACEPARENT };
        await lab.subject.inSpan(HOST_SPANS.caller, () => client.callTool({ ...PROBE, _meta: given }));
        const call = received.find(({ method }) => method === 'tools/call');
        return graded({
          'its traceparent arrives': call?.params?._meta?.['traceparent'] === TRACEPARENT,
          'object unchanged': JSON.stringify(given) === JSON.stringify({ traceparent: TRACEPARENT }),
        });
      });
    },
  },
  {
    title: 'what a handler does nests in the span',
    rule: 'A database span made in a handler. Y: its parent is the span of the call. -: another. n.a.: no span.',
    test: 'test/e2e/stdioTrace.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        stage.probe.run = () => lab.subject.inSpan(HOST_SPANS.query, () => undefined);
        await stage.request('tools/call', PROBE);
        const span = await lab.received('tools/call');
        if (span === undefined) return notApplicable('no span');
        const query = await lab.hostSpan(HOST_SPANS.query);
        const nests = query?.parentSpanId === span.spanId;
        return { cell: nests ? 'Y' : '-', observed: nests ? 'its child' : 'not its child' };
      }),
  },
];
