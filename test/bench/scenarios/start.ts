import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundle } from '../../../tools/bundle.js';
import type { FreshDatabase } from '../../setup/freshDatabase.js';
import type { Lab } from '../lab.js';
import type { OtlpCounter } from '../otlpCounter.js';
import type { Scenario, Section, Table } from '../scenario.js';
import { median, spread } from '../statistics.js';
import { StdioServer } from '../stdioServer.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';

const RUNS = 10;
const WANTED_MS = 1500;
const run = promisify(execFile);

/** What `startPhases.ts` loads, one after the other. */
const PARTS = [
  'handoff/config/resolve',
  'handoff/server/stdio',
  'handoff/server/createHandoffServer',
  'instrumentation/instrument',
  'handoff/cli/serve/serve',
  'handoff/storage/postgres',
  'time/clock',
  'handoff/storage/migrate/migrate',
];

const STEPS = ['`initialize` answered', '`tools/list` answered', 'first `update_context` answered'] as const;

export const startScenario: Scenario = {
  name: 'start',
  summary: 'start of the stdio server to its first answers, and where that time goes',
  run: async (lab) => {
    await using stack = new AsyncDisposableStack();
    const database = await lab.emptyDatabase();
    stack.defer(() => database.drop());
    const counter = await lab.startCounter();
    stack.defer(() => counter.close());
    await prepare(database, counter);

    const runs: number[][] = [];
    for (let count = 0; count < RUNS; count += 1) {
      lab.progress(`start: run ${count + 1} of ${RUNS}`);
      runs.push(await startOnce(database, counter));
    }
    const stepMs = (step: number): number[] => runs.map((run) => run[step] ?? Number.NaN);
    const firstAnswer = spread(stepMs(0));
    return {
      title: 'Start of the stdio server',
      method: `From starting the process to the answer, ${RUNS} times, with full telemetry, on a PostgreSQL database that is up to date. Then the steps of a start
taken one by one in processes of their own: their sum is a little less than the whole, which also hears and answers the client.`,
      tables: [timesTable(STEPS.map((step, index) => [step, stepMs(index)])), await phasesTable(lab, database, counter)],
      targets: [
        {
          what: 'start to first answer, on PostgreSQL',
          wanted: `< ${WANTED_MS} ms`,
          reached: `${firstAnswer.median.toFixed(0)} ms (slowest ${firstAnswer.max.toFixed(0)})`,
          met: firstAnswer.max < WANTED_MS,
        },
      ],
    } satisfies Section;
  },
};

function environment(database: FreshDatabase, counter: OtlpCounter): Record<string, string> {
  return { DATABASE_URL: database.url, OTEL_EXPORTER_OTLP_ENDPOINT: counter.url };
}

/** The first start migrates; its file reads also warm the page cache, as on a machine where an agent was used before. */
async function prepare(database: FreshDatabase, counter: OtlpCounter): Promise<void> {
  const server = new StdioServer({ env: environment(database, counter) });
  await server.initialize();
  await registerSessions(server, 1);
  await server.end();
}

async function startOnce(database: FreshDatabase, counter: OtlpCounter): Promise<number[]> {
  const startMs = performance.now();
  const server = new StdioServer({ env: environment(database, counter) });
  const times: number[] = [];
  for (const step of [() => server.initialize(), () => server.request('tools/list', {}), () => updateContext(server, 0)]) {
    await step();
    times.push(performance.now() - startMs);
  }
  await server.end();
  return times;
}

async function phasesTable(lab: Lab, database: FreshDatabase, counter: OtlpCounter): Promise<Table> {
  const program = fileURLToPath(new URL('../startPhases.ts', import.meta.url));
  // As it is built for users, only that the parts can be loaded one by one. In the checkout, where packages are found.
  const build = fileURLToPath(new URL('../../../.cache/start-phases', import.meta.url));
  await bundle(build, PARTS);
  const env = { PATH: process.env['PATH'], ...environment(database, counter) };
  const byName = new Map<string, number[]>();
  for (let count = 0; count < lab.rounds; count += 1) {
    const { stdout } = await run(process.execPath, [program, build], { env });
    for (const [name, ms] of JSON.parse(stdout) as [string, number][]) byName.set(name, [...(byName.get(name) ?? []), ms]);
  }
  await rm(build, { recursive: true });
  const total = [...byName.values()].reduce((sum, values) => sum + median(values), 0);
  return timesTable([...byName, ['together', [total]]]);
}

function timesTable(rows: readonly (readonly [string, readonly number[]])[]): Table {
  return {
    head: ['', 'median', 'min – max'],
    rows: rows.map(([name, values]) => {
      const { min, median: middle, max } = spread(values);
      return [name, `${middle.toFixed(0)} ms`, `${min.toFixed(0)} – ${max.toFixed(0)} ms`];
    }),
  };
}
