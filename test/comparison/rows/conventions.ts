import { failureOf } from '../lab.js';
import type { Lab } from '../lab.js';
import type { PointFact } from '../facts.js';
import { graded, notApplicable } from '../row.js';
import type { Finding, Row } from '../row.js';

const BOUNDARIES = '0.01,0.02,0.05,0.1,0.2,0.5,1,2,5,10,30,60,120,300';
const ECHO = { name: 'echo', arguments: { text: 'a' } };

async function pointsOf(lab: Lab, wanted: RegExp): Promise<readonly PointFact[]> {
  return (await lab.subject.points()).filter(({ metric }) => wanted.test(metric));
}

/** Y when it exists, in seconds, with the buckets of the conventions; P when only it exists. */
function histogram(points: readonly PointFact[]): Finding {
  const [point] = points;
  if (point === undefined) return { cell: '-', observed: 'none' };
  const { observed, cell } = graded({ [`unit ${point.unit}`]: point.unit === 's', buckets: point.boundaries.join(',') === BOUNDARIES });
  return { cell: cell === 'Y' ? 'Y' : 'P', observed };
}

export const conventionRows: readonly Row[] = [
  {
    title: 'convention names on spans',
    rule: '`tools/call`. Y: span name, kind SERVER, `mcp.method.name`, `gen_ai.tool.name`, `gen_ai.operation.name` and `jsonrpc.request.id` are as the conventions have them, and status is left unset. P: some. n.a.: no span.',
    test: 'test/conventions/conventions.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        await stage.request('tools/call', ECHO);
        const span = await lab.received('tools/call');
        if (span === undefined) return notApplicable('no span');
        const { name, kind, attributes, status } = span;
        return graded({
          name: name === 'tools/call echo',
          'kind SERVER': kind === 'SERVER',
          'mcp.method.name': attributes['mcp.method.name'] === 'tools/call',
          'gen_ai.tool.name': attributes['gen_ai.tool.name'] === 'echo',
          'gen_ai.operation.name': attributes['gen_ai.operation.name'] === 'execute_tool',
          'jsonrpc.request.id': typeof attributes['jsonrpc.request.id'] === 'string',
          'status unset': status === 'UNSET',
        });
      }),
  },
  {
    title: '`mcp.server.operation.duration`',
    rule: 'Y: there is one, in seconds, with the bucket boundaries of the conventions. P: in another unit or other buckets. -: none.',
    test: 'test/conventions/conventions.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        await stage.request('tools/call', ECHO);
        await lab.received('tools/call');
        return histogram(await pointsOf(lab, /^mcp\.server\.operation\.duration$/u));
      }),
  },
  {
    title: '`mcp.server.session.duration`',
    rule: 'After a session has ended, and the package was shut down if it has something for that. Cells as above. n.a.: the road has no sessions.',
    test: 'test/integration/instrumentation/mcp/sessions.test.ts',
    last: true,
    run: async (lab) => {
      if (lab.road === 'http') return notApplicable('no sessions');
      await lab.on({}, (stage) => stage.request('tools/call', ECHO));
      await lab.subject.endSessions?.();
      return histogram(await pointsOf(lab, /^mcp\.server\.session\.duration$/u));
    },
  },
  {
    title: 'nothing unbounded on metrics',
    rule: 'After a call of a made-up tool, a read and a session. Y: no made-up name, no URI, no id of a session or request among the attributes of any metric. P: one of them. -: several. n.a.: no metrics.',
    test: 'test/unit/instrumentation/mcp/message/targetNames.test.ts',
    run: (lab) =>
      lab.on({}, async (stage) => {
        await stage.request('tools/call', ECHO);
        await failureOf(stage.request('tools/call', { name: 'made-up-by-the-caller' }));
        await stage.request('resources/read', { uri: 'note://one' });
        await lab.quiet();
        const points = (await lab.subject.points()).filter(({ metric }) => !metric.startsWith('otel.'));
        if (points.length === 0) return notApplicable('no metrics');
        const keys = new Set(points.flatMap(({ attributes }) => Object.keys(attributes)));
        const values = points.flatMap(({ attributes }) => Object.values(attributes));
        const finding = graded({
          'no made-up tool': !values.includes('made-up-by-the-caller'),
          'no URI': !values.includes('note://one'),
          'no id': !['mcp.session.id', 'jsonrpc.request.id', 'mcp.request.id'].some((key) => keys.has(key)),
        });
        const missing = finding.observed.split('no: ')[1]?.split(', ').length ?? 0;
        return { cell: missing === 0 ? 'Y' : missing === 1 ? 'P' : '-', observed: finding.observed };
      }),
  },
];
