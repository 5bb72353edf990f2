import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { fullTelemetry, openLab, TELEMETRY_OFF } from '../lab.js';
import { loadAverage, machineFacts } from '../machine.js';
import { LOAD_HEAD, loadRow, measureRound, pairedShare } from '../measure.js';
import type { Lab } from '../lab.js';
import type { MeasuredRound } from '../measure.js';
import { median, spread } from '../statistics.js';
import { expectSpans } from '../spanLedger.js';
import { StdioServer } from '../stdioServer.js';
import { loadNames, startLoad } from './loads.js';
import type { LoadName } from './loads.js';

// `npm run bench against -- DIR`: the throughput of this build and of the one in DIR, in turns, of update_context or of another load. The
// two have databases of their own on one PostgreSQL, as each migrates to what it knows.

const CALLERS = 32;
const WARM_UP_MS = 4000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    load: { type: 'string', default: 'update_context' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '10' },
    telemetry: { type: 'boolean' },
  },
});
const [given] = positionals;
const rounds = Number(values.rounds);
const roundMs = Number(values.seconds) * 1000;
const load = loadNames.find((name) => name === values.load);
const checkouts = { this: process.cwd(), other: resolve(given ?? '') };
const isBuilt = given !== undefined && existsSync(join(checkouts.other, 'dist/cli.js'));
if (!isBuilt || load === undefined || !(rounds >= 1) || !(roundMs >= 1000)) {
  process.stderr.write(
    `Usage: npm run bench against -- [--load ${loadNames.join('|')}] [--rounds 7] [--seconds 10] [--telemetry] DIR\n` +
      'DIR is a checkout that has been built: it has dist/cli.js.\n',
  );
  process.exitCode = 2;
} else {
  process.stdout.write(`${(await machineFacts()).join('\n')}\nLoad average before the first round: ${loadAverage().toFixed(2)}\n\n`);
  await compare(load);
}

type Which = keyof typeof checkouts;

/** One of the two, under load. */
interface Subject {
  readonly measure: (durationMs: number) => Promise<MeasuredRound>;
  /** Ends the server. With telemetry, throws unless all of it has arrived. */
  readonly end: () => Promise<void>;
}

async function compare(name: LoadName): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const lab = await openLab({ rounds, roundMs, progress: (line) => process.stderr.write(`${line}\n`) });
  stack.defer(() => lab.close());
  const subjects = { this: await start(lab, stack, checkouts.this, name), other: await start(lab, stack, checkouts.other, name) };
  for (const which of ['this', 'other'] as const) await subjects[which].measure(WARM_UP_MS);
  const found: Record<Which, MeasuredRound[]> = { this: [], other: [] };
  for (let round = 0; round < rounds; round += 1) {
    lab.progress(`round ${round + 1} of ${rounds}`);
    const order: readonly Which[] = round % 2 === 0 ? ['this', 'other'] : ['other', 'this'];
    for (const which of order) found[which].push(await subjects[which].measure(roundMs));
  }
  for (const which of ['this', 'other'] as const) await subjects[which].end();
  report(found);
}

async function start(lab: Lab, stack: AsyncDisposableStack, checkout: string, name: LoadName): Promise<Subject> {
  const database = await lab.emptyDatabase();
  stack.defer(() => database.drop());
  const counter = values.telemetry === true ? await lab.startCounter() : undefined;
  if (counter !== undefined) stack.defer(() => counter.close());
  const env = {
    DATABASE_URL: database.url,
    HANDOFF_ADAPTIVE_CONCURRENCY: 'false',
    ...(counter === undefined ? TELEMETRY_OFF : fullTelemetry(counter)),
  };
  const server = new StdioServer({ env, checkout });
  stack.defer(() => server.end());
  await server.initialize();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  stack.defer(() => client.end());
  const serverLoad = await startLoad(name, server, client, CALLERS);
  const pids = { server: server.pid, postgres: lab.postgres.pid, ...(counter === undefined ? {} : { receiver: counter.pid }) };
  let calls = 0;
  return {
    measure: async (durationMs) => {
      const call = await serverLoad.beginRound();
      const round = await measureRound({ callers: CALLERS, durationMs, call, pids });
      calls += round.calls;
      return round;
    },
    end: async () => {
      await server.end();
      if (counter !== undefined) expectSpans(await counter.counts(), serverLoad.callsMade(calls));
    },
  };
}

function report(found: Readonly<Record<Which, readonly MeasuredRound[]>>): void {
  const rows = [
    LOAD_HEAD,
    LOAD_HEAD.map(() => '---'),
    loadRow('this build', found.this),
    loadRow(`the build in ${checkouts.other}`, found.other),
  ];
  process.stdout.write(rows.map((cells) => `| ${cells.join(' | ')} |\n`).join(''));
  const pairs = spread(found.this.map(({ callsPerSecond }, index) => callsPerSecond / (found.other[index]?.callsPerSecond ?? Number.NaN)));
  const cpu = found.this.map(({ cpuUs }, index) => (cpuUs?.server ?? Number.NaN) / (found.other[index]?.cpuUs?.server ?? Number.NaN));
  process.stdout.write(
    `\nThis build does ${percent(pairedShare(found.this, found.other))} of what the other one does (median of paired rounds; ` +
      `${percent(pairs.min)} to ${percent(pairs.max)}), and takes ${percent(median(cpu))} of its CPU time for a call.\n`,
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
