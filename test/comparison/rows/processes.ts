import { graded, notApplicable } from '../row.js';
import type { Finding, Row } from '../row.js';
import type { Lab } from '../lab.js';
import { runPrograms } from '../programRuns.js';
import type { ProgramRun } from '../programRuns.js';

const runs = new WeakMap<object, Promise<readonly ProgramRun[]>>();

/** The four unchanged servers under this package, run once for all rows that look at them. */
function programsOf({ subject }: Lab): Promise<readonly ProgramRun[]> {
  const started = runs.get(subject) ?? runPrograms(subject.name);
  runs.set(subject, started);
  return started;
}

async function preloaded(lab: Lab, judge: (runs: readonly ProgramRun[]) => Finding): Promise<Finding> {
  if (lab.subject.isServer === true) return notApplicable('is a handler of its own, and instruments no other server');
  return judge(await programsOf(lab));
}

export const processRows: readonly Row[] = [
  {
    title: 'no change of code',
    rule: 'A server of the SDK over stdio, not changed in any way, with the documented set-up in a module given to `--import`. Y: a span of the server for its `tools/call`, with at least one copy of the SDK. P: only one of the client that it has too, or trace context. -: nothing. n.a.: the package is the server.',
    test: 'test/thirdParty/servers.test.ts',
    once: true,
    run: (lab) =>
      preloaded(lab, (done) => {
        if (done.some(({ received }) => received > 0)) return { cell: 'Y', observed: 'a span of the server' };
        if (done.some(({ sent }) => sent > 0)) return { cell: 'P', observed: 'a span of the client only' };
        return done.some(({ propagated }) => propagated)
          ? { cell: 'P', observed: 'trace context only' }
          : { cell: '-', observed: 'nothing' };
      }),
  },
  {
    title: 'SDKs found wherever they are loaded',
    rule: 'The same for SDK v1 and v2, as ES modules and as CommonJS. Y: a span or trace context with all four. P: with some. -: with none. n.a.: as above.',
    test: 'test/integration/instrumentation/mcp/discovery/layouts.test.ts',
    once: true,
    run: (lab) =>
      preloaded(lab, (done) =>
        graded(Object.fromEntries(done.map(({ program, received, sent, propagated }) => [program, received + sent > 0 || propagated]))),
      ),
  },
  {
    title: 'stdout stays clean',
    rule: 'Stdout of those servers. Y: every line of it is JSON-RPC. -: some are not. n.a.: as above.',
    test: 'test/e2e/stdoutPurity.test.ts',
    once: true,
    run: (lab) =>
      preloaded(lab, (done) => {
        const dirty = done.filter(({ strayLines }) => strayLines > 0).map(({ program }) => program);
        return dirty.length === 0 ? { cell: 'Y', observed: 'JSON-RPC only' } : { cell: '-', observed: `other lines: ${dirty.join(', ')}` };
      }),
  },
];
