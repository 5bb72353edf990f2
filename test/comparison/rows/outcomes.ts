import { failureOf, pause } from '../lab.js';
import type { Lab } from '../lab.js';
import type { SpanFact } from '../facts.js';
import { graded, notApplicable } from '../row.js';
import type { Finding, Row } from '../row.js';
import type { Stage } from '../stages/stage.js';

/** Calls `hang` and waits until its handler runs. */
async function hang(stage: Stage, options: { signal?: AbortSignal; timeout?: number } = {}): Promise<{ settled: Promise<string> }> {
  const settled = failureOf(stage.request('tools/call', { name: 'hang', arguments: {} }, options));
  const deadlineMs = performance.now() + 20_000;
  while (stage.probe.hanging === 0 && performance.now() < deadlineMs) await pause();
  return { settled };
}

/** How a call ended on the server that its client gave up, and one whose connection closed. */
async function endings(lab: Lab): Promise<Record<string, SpanFact | undefined>> {
  const found: Record<string, SpanFact | undefined> = {};
  await lab.on({}, async (stage) => {
    // The first request of a connection has id 0, whose cancellation SDK v1 does not hear.
    await stage.request('tools/list');
    lab.subject.clear();
    const abort = new AbortController();
    const { settled } = await hang(stage, { signal: abort.signal });
    abort.abort();
    await settled;
    found['cancelled'] = await lab.received('tools/call');
  });
  if (lab.road === 'http') return found;
  await lab.on({}, async (stage) => {
    const { settled } = await hang(stage);
    await stage.close();
    await settled;
    found['connection closed'] = await lab.received('tools/call');
  });
  return found;
}

async function timeOut(lab: Lab): Promise<SpanFact | undefined> {
  return lab.on({ side: 'client' }, async (stage) => {
    const client = stage.client as unknown as { callTool(params: object, ...rest: unknown[]): Promise<unknown> };
    const rest = lab.road === 'v1' ? [undefined, { timeout: 50 }] : [{ timeout: 50 }];
    await failureOf(client.callTool({ name: 'hang', arguments: {} }, ...rest));
    return lab.sent('tools/call');
  });
}

function errorTypeOf(span: SpanFact | undefined): string | undefined {
  const type = span?.attributes['error.type'];
  return typeof type === 'string' ? type : undefined;
}

/** What a span says of its ending, other than that it is over. */
function saidOf(span: SpanFact): string | undefined {
  const type = errorTypeOf(span);
  if (type !== undefined) return type;
  if (span.status === 'ERROR') return 'status ERROR, no error.type';
  return span.statusMessage === undefined || span.statusMessage === '' ? undefined : `status text ${span.statusMessage}, no error.type`;
}

/** Y when each ending has an `error.type` that no other has, P when a span says anything of one. */
function toldApart(found: Readonly<Record<string, SpanFact | undefined>>): Finding {
  const endings = Object.entries(found);
  const types = endings.map(([, span]) => errorTypeOf(span));
  const apart = types.every((type) => type !== undefined) && new Set(types).size === types.length;
  const told = endings.some(([, span]) => span !== undefined && saidOf(span) !== undefined);
  const observed = endings.map(
    ([ending, span]) =>
      `${ending}: ${span === undefined ? 'no span ended' : (saidOf(span) ?? `as an ordinary end, status ${span.status}`)}`,
  );
  return { cell: apart ? 'Y' : told ? 'P' : '-', observed: observed.join(', ') };
}

export const outcomeRows: readonly Row[] = [
  {
    title: 'caller-fault rule',
    rule: 'Method not found (-32601) on the server. Y: `rpc.response.status_code` says so, no `error.type`, status unset. P: some of it. n.a.: no span.',
    test: 'test/unit/instrumentation/mcp/message/outcome.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        await failureOf(stage.request('made/up'));
        const [span] = await lab.spans((spans) => spans.some(({ kind }) => kind !== 'CLIENT'));
        if (span === undefined || span.kind === 'CLIENT') return notApplicable('no span');
        return graded({
          'status code': String(span.attributes['rpc.response.status_code']) === '-32601',
          'no error.type': errorTypeOf(span) === undefined,
          'status unset': span.status === 'UNSET',
        });
      }),
  },
  {
    title: '`tool_error`',
    rule: 'A tool that answers `isError: true`. Y: `error.type` is `tool_error` and status is error. P: told as failed in another way. -: as a success. n.a.: no span.',
    test: 'test/integration/instrumentation/mcp/handlers.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        await stage.request('tools/call', { name: 'refuse', arguments: {} });
        const span = await lab.received('tools/call');
        if (span === undefined) return notApplicable('no span');
        const observed = `error.type ${errorTypeOf(span) ?? 'absent'}, status ${span.status}`;
        return {
          cell: errorTypeOf(span) === 'tool_error' && span.status === 'ERROR' ? 'Y' : span.status === 'ERROR' ? 'P' : '-',
          observed,
        };
      }),
  },
  {
    title: 'exception behind `isError`',
    rule: 'A handler throws a `RangeError`, which the SDK makes a result of. Y: an exception event of that class on the span. P: its class elsewhere. -: nothing of it. n.a.: no span.',
    test: 'test/integration/instrumentation/mcp/faults/thrown.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        await failureOf(stage.request('tools/call', { name: 'explode', arguments: {} }));
        await lab.received('tools/call');
        await lab.quiet();
        const span = await lab.received('tools/call');
        if (span === undefined) return notApplicable('no span');
        const event = span.events.find(({ attributes }) => attributes['exception.type'] === 'RangeError');
        if (event?.name === 'exception') return { cell: 'Y', observed: 'an exception event' };
        if (event !== undefined) return { cell: 'P', observed: `an ${event.name} of its own, in the same span` };
        const elsewhere = errorTypeOf(span) === 'RangeError';
        return { cell: elsewhere ? 'P' : '-', observed: elsewhere ? 'error.type is the class' : 'nothing' };
      }),
  },
  {
    title: 'cancelled, timed out, connection closed',
    rule: 'On the server a call that is cancelled, and one whose connection closes; on an instrumented client one that times out; what a package has no side for is left out. Y: each ends its span with an `error.type` of its own. P: some spans say something of it. -: none. n.a.: no span.',
    test: 'test/integration/instrumentation/mcp/endings.test.ts',
    run: async (lab) => {
      const spans = await lab.on({}, async (stage) => {
        await stage.request('tools/call', { name: 'echo', arguments: { text: 'a' } });
        return { server: await lab.received('tools/call'), client: lab.road === 'http' ? undefined : await lab.sent('tools/call') };
      });
      const served = spans.server === undefined ? {} : await endings(lab);
      const sends = lab.road !== 'http' && lab.subject.wrapClient !== undefined;
      const timedOut = sends ? await timeOut(lab) : undefined;
      if (spans.server === undefined && timedOut === undefined) return notApplicable('no span');
      return toldApart({ ...served, ...(sends ? { 'timed out': timedOut } : {}) });
    },
  },
  {
    title: '`input_required` results',
    rule: 'A tool of SDK v2 that asks the client for input (2026-07-28). Y: an attribute says so, and the span is neither an error nor a success. P: one of the two. -: told as an ordinary success or error. n.a.: no SDK v2.',
    test: 'test/integration/instrumentation/mcp/modernHttp.test.ts',
    once: true,
    run: (lab) => {
      if (!lab.subject.roads.includes('v2') && !lab.subject.roads.includes('http')) return Promise.resolve(notApplicable('no SDK v2'));
      return lab.on(
        {},
        async (stage) => {
          await stage.request('tools/call', { name: 'ask' });
          const span = await lab.received('tools/call');
          if (span === undefined) return { cell: '-', observed: 'no span' };
          const says = Object.entries(span.attributes).some(
            ([key, value]) => value === 'input_required' || (key.endsWith('input_required') && value === true),
          );
          if (!says) return { cell: '-', observed: `no attribute, status ${span.status}` };
          return { cell: span.status === 'UNSET' ? 'Y' : 'P', observed: `an attribute, status ${span.status}` };
        },
        'http',
      );
    },
  },
];
