import { graded, notApplicable } from '../../comparison/row.js';
import type { Finding } from '../../comparison/row.js';
import type { Lab } from '../lab/lab.js';
import type { Seen } from '../lab/run.js';
import type { Row } from '../row.js';
import { systemOf } from './system.js';

const MATRIX = 'test/matrix/matrix.test.ts';

/** How often each library was seen in the trace of the parent. */
interface Counts {
  readonly pg: number;
  readonly ioredis: number;
  /** Log records in the trace; else lines of the host that name it. */
  readonly pino: number;
}

function countsOf({ spans, logs, lines }: Pick<Seen, 'spans' | 'logs' | 'lines'>): Counts {
  const parent = spans.find(({ name }) => name === 'parent');
  if (parent === undefined) return { pg: 0, ioredis: 0, pino: 0 };
  const children = spans.filter(({ traceId, spanId }) => traceId === parent.traceId && spanId !== parent.spanId);
  const of = (system: string): typeof children => children.filter((span) => systemOf(span) === system);
  const records = logs.filter(({ traceId, body }) => traceId === parent.traceId && body === 'a line');
  const traced = lines.filter((line) => line.includes('"a line"') && line.includes(parent.traceId));
  return {
    // What opens a connection is no query.
    pg: of('postgresql').filter(({ name }) => !/connect/i.test(name)).length,
    ioredis: of('redis').filter(({ name }) => /set/i.test(name)).length,
    pino: Math.max(records.length, traced.length),
  };
}

/** Y all three libraries, P some. */
export function coverage(seen: Pick<Seen, 'spans' | 'logs' | 'lines'>): Finding {
  const { pg, ioredis, pino } = countsOf(seen);
  return graded({ pg: pg > 0, ioredis: ioredis > 0, pino: pino > 0 });
}

/** Y nothing twice, - something twice, n.a. nothing at all. */
export function undoubled(runs: readonly Pick<Seen, 'spans' | 'logs' | 'lines'>[]): Finding {
  const counts = runs.map(countsOf);
  if (counts.every(({ pg, ioredis, pino }) => pg + ioredis + pino === 0)) return notApplicable('nothing was seen at all');
  const doubled = (['pg', 'ioredis', 'pino'] as const).filter((library) => counts.some((each) => each[library] > 1));
  return doubled.length === 0 ? { cell: 'Y', observed: 'each once' } : { cell: '-', observed: `twice: ${doubled.join(', ')}` };
}

const SAME =
  'A query, a command and a log line inside a span. Y: a span for the query and for the command beneath it, and the log record or line carries the trace id. P: for some of the three. -: for none.';

function row(title: string, how: string, look: (lab: Lab) => Promise<Seen>): Row {
  return { title, rule: `${how} ${SAME}`, test: MATRIX, run: async (lab) => coverage(await look(lab)) };
}

export const coverageRows: readonly Row[] = [
  row(
    'ES module: libraries imported, then the call',
    'Static imports, then the package is started as its documentation says for code.',
    (lab) => lab.basic('module', 'libraries first'),
  ),
  row('ES module: the call, then libraries imported', 'The package is started, then `await import()`.', (lab) =>
    lab.basic('module', 'package first'),
  ),
  row('CommonJS: libraries required, then the call', '`require`, then the package is started.', (lab) =>
    lab.basic('commonjs', 'libraries first'),
  ),
  row('CommonJS: the call, then libraries required', 'The package is started, then `require`.', (lab) =>
    lab.basic('commonjs', 'package first'),
  ),
  row('ES module, documented preload', 'An unchanged program under the flags of the set-up.', (lab) => lab.basic('module', 'preload')),
  row('CommonJS, documented preload', 'The same in CommonJS.', (lab) => lab.basic('commonjs', 'preload')),
  row(
    'bundle',
    'rolldown makes one file of program and libraries; the package stays outside, set up as documented for bundles, else by its preload.',
    (lab) => lab.bundled(),
  ),
  {
    title: 'never doubled',
    rule: 'Over all rows above. Y: never two spans or records for one query, command or line. -: some. n.a.: nothing was seen.',
    test: MATRIX,
    run: async (lab) =>
      undoubled([
        ...(await Promise.all(
          (['module', 'commonjs'] as const).flatMap((format) =>
            (['libraries first', 'package first', 'preload'] as const).map((order) => lab.basic(format, order)),
          ),
        )),
        await lab.bundled(),
      ]),
  },
];
