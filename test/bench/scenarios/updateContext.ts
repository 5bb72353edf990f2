import pg from 'pg';
import { startInstrumented, TELEMETRY_OFF } from '../lab.js';
import type { Lab } from '../lab.js';
import { latencyMs, LOAD_HEAD, loadRow, measureRound, medianRate, pairedShare } from '../measure.js';
import type { MeasuredRound } from '../measure.js';
import { findPgbench, FIRST_PGBENCH_KEY, pgbenchRate } from '../pgbench.js';
import type { Scenario, Section, Table, Target } from '../scenario.js';
import { median } from '../statistics.js';
import type { StdioServer } from '../stdioServer.js';
import { expectSpans } from '../spanLedger.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';

const CALLERS = 32;
const WARM_UP_MS = 4000;
const EARLIER_RATE = 420;
const WANTED_RATE = 5 * EARLIER_RATE;
const WANTED_P99_MS = 50;
const WANTED_COST = 0.1;

interface Shape {
  readonly name: string;
  readonly callers: number;
  readonly sessions: 'own' | 'one';
}

const SHAPES: readonly Shape[] = [
  { name: '32 callers, a session each', callers: CALLERS, sessions: 'own' },
  { name: '32 callers, all on one session', callers: CALLERS, sessions: 'one' },
  { name: 'one caller', callers: 1, sessions: 'own' },
];

/** Rounds of one shape; the n-th of each list were measured one after another. */
interface Comparison {
  readonly shape: Shape;
  readonly on: readonly MeasuredRound[];
  readonly off: readonly MeasuredRound[];
  readonly pgbenchRates: readonly number[];
}

export const updateContextScenario: Scenario = {
  name: 'update_context',
  summary: 'update_context over stdio, with telemetry and without, beside pgbench with the same SQL',
  run: async (lab) => {
    await using stack = new AsyncDisposableStack();
    const database = await lab.emptyDatabase();
    stack.defer(() => database.drop());
    const counter = await lab.startCounter();
    stack.defer(() => counter.close());
    const servers = {
      on: await startInstrumented({ database, counter }),
      off: await startInstrumented({ database, counter }, TELEMETRY_OFF),
    };
    await registerSessions(servers.on, CALLERS);
    await addPgbenchSessions(database.url);

    let callsWithTelemetry = 0;
    const comparisons: Comparison[] = [];
    for (const shape of SHAPES) {
      const measure = async (which: 'on' | 'off', durationMs: number): Promise<MeasuredRound> => {
        const server: StdioServer = servers[which];
        const round = await measureRound({
          callers: shape.callers,
          durationMs,
          call: (caller) => updateContext(server, shape.sessions === 'own' ? caller : 0),
          pids: { server: server.pid, postgres: lab.postgres.pid, receiver: counter.pid },
        });
        if (which === 'on') callsWithTelemetry += round.calls;
        return round;
      };
      comparisons.push(await compare(lab, shape, database.url, measure));
    }
    await Promise.all([servers.on.end(), servers.off.end()]);
    expectSpans(await counter.counts(), { updates: callsWithTelemetry, registrations: CALLERS });
    return section(comparisons, callsWithTelemetry);
  },
};

/** On, off and pgbench take turns, and who begins changes from round to round: what drifts on the machine hits all alike. */
async function compare(
  lab: Lab,
  shape: Shape,
  databaseUrl: string,
  measure: (which: 'on' | 'off', durationMs: number) => Promise<MeasuredRound>,
): Promise<Comparison> {
  const program = await findPgbench();
  const [on, off, pgbenchRates]: [MeasuredRound[], MeasuredRound[], number[]] = [[], [], []];
  for (const which of ['on', 'off'] as const) await measure(which, WARM_UP_MS);
  for (let round = 0; round < lab.rounds; round += 1) {
    lab.progress(`update_context: ${shape.name}, round ${round + 1} of ${lab.rounds}`);
    const turns = [
      async () => on.push(await measure('on', lab.roundMs)),
      async () => off.push(await measure('off', lab.roundMs)),
      async () => {
        if (program === undefined) return;
        pgbenchRates.push(
          await pgbenchRate({
            program,
            databaseUrl,
            connections: Math.min(shape.callers, lab.poolSize),
            sessions: shape.sessions,
            durationMs: lab.roundMs,
          }),
        );
      },
    ];
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
  }
  return { shape, on, off, pgbenchRates };
}

/** Made by SQL: `pgbench` can put no text together, so these keys are numbers. */
async function addPgbenchSessions(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('INSERT INTO sessions (session_key, agent_from) SELECT ($1::int + n)::text, $2 FROM generate_series(0, $3::int) n', [
    FIRST_PGBENCH_KEY,
    'pgbench',
    CALLERS,
  ]);
  await client.end();
}

function section(comparisons: readonly Comparison[], spansOfCalls: number): Section {
  return {
    title: '`update_context`',
    method: `One \`serve --stdio\` process with its defaults (10 connections), PostgreSQL with its defaults, one OTLP/HTTP receiver, one load driver: four
processes that share the machine. Every call adds 200 bytes. Telemetry on: traces (\`always_on\`), metrics and logs by OTLP, log lines to a file.
Telemetry off: \`OTEL_SDK_DISABLED=true\`, log lines still written. On, off and \`pgbench\` take turns within each round. \`pgbench\` runs
the very statement of the tool, prepared, on as many connections as the server has. The receiver got every span of all
${spansOfCalls} calls and nothing else (MCP, service and SQL, where calls that come together or wait for a connection share the last), and one log record a call
and a shared statement. Scheduled jobs, which have spans of their own, are off.`,
    tables: comparisons.map(table),
    targets: targets(comparisons),
  };
}

function table({ shape, on, off, pgbenchRates }: Comparison): Table {
  const pgbench =
    pgbenchRates.length === 0
      ? []
      : [
          [
            '`pgbench`, the same SQL',
            median(pgbenchRates).toFixed(0),
            `${Math.min(...pgbenchRates).toFixed(0)} – ${Math.max(...pgbenchRates).toFixed(0)}`,
            ...Array<string>(7).fill(''),
          ],
        ];
  const shares = [
    `Telemetry costs ${percent(1 - pairedShare(on, off))} of the throughput`,
    ...(pgbenchRates.length === 0 ? [] : [`the server reaches ${percent(pgbenchShare(on, pgbenchRates))} of \`pgbench\``]),
  ];
  return {
    caption: `${shape.name}. ${shares.join('; ')} (medians of paired rounds).`,
    head: LOAD_HEAD,
    rows: [loadRow('telemetry on', on), loadRow('telemetry off', off), ...pgbench],
  };
}

function pgbenchShare(on: readonly MeasuredRound[], rates: readonly number[]): number {
  return median(on.map(({ callsPerSecond }, index) => callsPerSecond / (rates[index] ?? Number.NaN)));
}

function targets([own]: readonly Comparison[]): Target[] {
  if (own === undefined) return [];
  const rate = medianRate(own.on);
  const p99Ms = latencyMs(own.on, 0.99);
  const cost = 1 - pairedShare(own.on, own.off);
  return [
    {
      what: 'update_context, 32 callers, telemetry on',
      wanted: `≥ ${WANTED_RATE}/s (5 × ${EARLIER_RATE})`,
      reached: `${rate.toFixed(0)}/s`,
      met: rate >= WANTED_RATE,
    },
    {
      what: 'the same, p99',
      wanted: `< ${WANTED_P99_MS} ms (earlier: 172)`,
      reached: `${p99Ms.toFixed(1)} ms`,
      met: p99Ms < WANTED_P99_MS,
    },
    { what: 'throughput that telemetry costs', wanted: `≤ ${percent(WANTED_COST)}`, reached: percent(cost), met: cost <= WANTED_COST },
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
