import { graded, notApplicable, yesOrNo } from '../../comparison/row.js';
import type { Finding } from '../../comparison/row.js';
import type { Lab } from '../lab/lab.js';
import type { Seen } from '../lab/run.js';
import { ENDINGS, lastWords } from '../lab/work.js';
import type { Row } from '../row.js';

type Ending = keyof typeof ENDINGS;

const BOUND_MS = 3000;
/** A busy machine delays a start by as much as a second; an exporter that is waited for, by its timeout. */
const HELD_UP_MS = 2000;
const STUCK = 20_000;

function ended(lab: Lab, ending: Ending, collector: 'ok' | 'hangs' | 'refuses' = 'ok'): Promise<Seen> {
  const isSignal = ending === 'SIGTERM' || ending === 'SIGINT';
  return lab.once(`${ending}, ${collector}`, () =>
    lab.run({
      work: lastWords(ENDINGS[ending]),
      collector,
      frequent: false,
      ...(isSignal ? { until: 'ready', then: (child) => child.kill(ending) } : {}),
    }),
  );
}

/** Y span and record, P one of them. */
export function delivered({ spans, logs }: Pick<Seen, 'spans' | 'logs'>): Finding {
  return graded({ span: spans.some(({ name }) => name === 'last'), 'log record': logs.some(({ body }) => body === 'last line') });
}

function kept(seen: Pick<Seen, 'code' | 'signal' | 'stderr'>, ending: Ending): boolean {
  if (ending === 'an uncaught exception') return seen.code === 1 && seen.stderr.includes('deliberate');
  if (ending === 'process.exit()') return seen.code === 3;
  return ending === 'its natural end' ? seen.code === 0 : seen.signal === ending;
}

/** Y when it ended in time both ways. */
export function inTime(ends: Readonly<Record<string, number>>): Finding {
  const finding = graded(Object.fromEntries(Object.entries(ends).map(([how, ms]) => [how, ms < BOUND_MS])));
  return {
    ...finding,
    observed: Object.entries(ends)
      .map(([how, ms]) => `${how} ${ms >= STUCK - BOUND_MS ? 'never' : `${(ms / 1000).toFixed(0)} s`}`)
      .join(', '),
  };
}

const ORDERLY = 'test/kill/orderly.test.ts';
const SUDDEN = 'test/kill/sudden.test.ts';

export const lifecycleRows: readonly Row[] = [
  ...(Object.keys(ENDINGS) as Ending[]).map(
    (ending): Row => ({
      title: `last span and record at ${ending}`,
      rule: 'Made right before. Batches are left at their default delays. Y: both arrive. P: one. -: neither.',
      test: ending === 'an uncaught exception' || ending === 'process.exit()' ? SUDDEN : ORDERLY,
      run: async (lab) => delivered(await ended(lab, ending)),
    }),
  ),
  {
    title: 'ways to end stay as they are',
    rule: 'Exit status and signal of those five, and the stack on stderr. Y: as without the package. P: some differ. -: all.',
    test: ORDERLY,
    run: async (lab) => {
      const endings = Object.keys(ENDINGS) as Ending[];
      const seen = await Promise.all(endings.map((ending) => ended(lab, ending)));
      return graded(Object.fromEntries(endings.map((ending, index) => [ending, seen[index] !== undefined && kept(seen[index], ending)])));
    },
  },
  ...(['hangs', 'refuses'] as const).map(
    (collector): Row => ({
      title: `ends within 3 s when the collector ${collector}`,
      rule: 'Natural end and SIGTERM with something to send. Y: both within 3 s. P: one. -: neither.',
      test: ORDERLY,
      run: async (lab) =>
        inTime({
          'natural end': (await ended(lab, 'its natural end', collector)).endMs,
          SIGTERM: (await ended(lab, 'SIGTERM', collector)).endMs,
        }),
    }),
  ),
  {
    title: 'start not held up by a collector that hangs',
    rule: 'Time from the start of the process to its first report, three times with a hanging collector and three times with one that answers, in turn; the fastest of each counts. Y: less than 2 s longer, since exporters give up after 10. -: more.',
    test: 'test/integration/instrumentation/exit/exits.test.ts',
    run: async (lab) => {
      const timed = async (collector: 'ok' | 'hangs'): Promise<number> =>
        (await lab.run({ work: lastWords('process.exit();'), collector, frequent: false })).readyMs;
      let hanging = Number.POSITIVE_INFINITY;
      let usual = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 3; round += 1) {
        hanging = Math.min(hanging, await timed('hangs'));
        usual = Math.min(usual, await timed('ok'));
      }
      return yesOrNo(hanging - usual < HELD_UP_MS, hanging - usual < HELD_UP_MS ? 'as usual' : 'longer');
    },
  },
  {
    title: '`OTEL_SDK_DISABLED=true` loads nothing',
    rule: 'The preload with it. Y: nothing is sent, and no file of an OpenTelemetry SDK, exporter or instrumentation is loaded. P: nothing is sent. -: something is. n.a.: it knows no variables of OpenTelemetry.',
    test: 'test/integration/instrumentation/disabled.test.ts',
    run: async (lab) => {
      if (lab.bootstrap.readsOtelVariables === false) return notApplicable('knows no variables of OpenTelemetry');
      const seen = await lab.run({
        work: `await inSpan('parent', async () => {}); report('loaded', globalThis.bootLoaded.filter((url) => /@opentelemetry.(sdk-|exporter-|instrumentation|resources|otlp-)|@sentry.(core|node).build/.test(url)).length); report('done', ''); setInterval(() => {}, 1000);`,
        flags: ['--import', lab.write(RECORD_LOADS, 'mjs')],
        env: { OTEL_SDK_DISABLED: 'true' },
        until: 'done',
      });
      const silent = seen.bytes.length === 0;
      const loads = Number(seen.reports['loaded']);
      if (!silent) return { cell: '-', observed: 'something is sent' };
      return loads === 0 ? { cell: 'Y', observed: 'nothing loaded' } : { cell: 'P', observed: 'nothing sent, but loaded' };
    },
  },
  {
    title: 'started twice',
    rule: 'Under its preload, and once more by the call in the program. Y: the program goes on, and each span and log record comes once. -: it throws, or they come twice.',
    test: 'test/integration/instrumentation/oneInstrumentation.test.ts',
    run: async (lab) => {
      const { bootstrap } = lab;
      const seen = await lab.run({
        work: `${bootstrap.start.module}\nawait inSpan('parent', async () => { newLog().info('a line'); });\nreport('done', ''); setInterval(() => {}, 1000);`,
        until: 'done',
      });
      if (seen.reports['done'] === undefined) return { cell: '-', observed: 'the program did not go on' };
      const counts = [
        seen.spans.filter(({ name }) => name === 'parent').length,
        seen.logs.filter(({ body }) => body === 'a line').length,
      ] as const;
      if (counts[0] === 0) return notApplicable('no span at all');
      return yesOrNo(counts[0] === 1 && counts[1] <= 1, `${counts[0]} spans, ${counts[1]} records`);
    },
  },
];

/** Runs before everything: every file that Node loads from here on, in both module systems. */
const RECORD_LOADS = `
import { registerHooks } from 'node:module';
globalThis.bootLoaded = [];
registerHooks({ load(url, context, next) { globalThis.bootLoaded.push(url); return next(url, context); } });`;
