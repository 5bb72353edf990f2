import { doingsApart } from '../doings.js';
import { failureOf } from '../lab.js';
import { graded, notApplicable, yesOrNo } from '../row.js';
import type { Row } from '../row.js';
import { EXPLOSION } from '../stages/stage.js';

/** The id of a request in the second argument of a handler, of either generation. */
function hasRequestId(second: unknown): boolean {
  const context = second as { requestId?: unknown; mcpReq?: { id?: unknown } } | undefined;
  return context?.requestId !== undefined || context?.mcpReq?.id !== undefined;
}

export const hostRows: readonly Row[] = [
  {
    title: 'errors of handlers reach the client',
    rule: 'A handler throws. Y: the client gets the `isError` result with its text, as without the package. -: something else.',
    test: 'test/integration/instrumentation/mcp/faults/thrown.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        let answer: unknown;
        const failure = await failureOf(
          stage.request('tools/call', { name: 'explode', arguments: {} }).then((result) => (answer = result)),
        );
        const same = JSON.stringify(answer)?.includes(EXPLOSION) === true && (answer as { isError?: boolean }).isError === true;
        return yesOrNo(same, same ? 'the same result' : failure === 'answered' ? 'another result' : 'another error');
      }),
  },
  {
    title: 'second argument of handlers',
    rule: 'Y: a handler gets its arguments and the context of the request, as without the package. -: it does not.',
    test: 'test/transparency/wire/wire.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        let given: readonly unknown[] = [];
        stage.probe.run = (...all) => {
          given = all;
        };
        await stage.request('tools/call', { name: 'probe', arguments: { text: 'a' } });
        const same = (given[0] as { text?: string } | undefined)?.text === 'a' && hasRequestId(given[1]);
        return yesOrNo(same, same ? 'the context of the request' : 'missing');
      }),
  },
  {
    title: 'off switch',
    rule: "Switched off as documented for the package from the start, OpenTelemetry's own OTEL_SDK_DISABLED aside. Y: a call makes no span and its trace context is not read, if the package did that before. P: one of the two goes on. -: all goes on, or no switch is documented.",
    test: 'test/integration/instrumentation/mcp/options.test.ts',
    once: true,
    run: async (lab) => {
      if (lab.subject.offBy === undefined) return { cell: '-', observed: 'no switch is documented' };
      const [on, off] = await Promise.all([doingsApart(lab.subject.name, 'plain'), doingsApart(lab.subject.name, 'off')]);
      if (!on.spans && !on.reads) return notApplicable('nothing to switch off');
      const parts = { ...(on.spans ? { 'no span': !off.spans } : {}), ...(on.reads ? { 'no context read': !off.reads } : {}) };
      return graded(parts);
    },
  },
];
