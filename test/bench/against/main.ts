import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openLab } from '../lab.js';
import { loadAverage, machineFacts } from '../machine.js';
import { LOAD_HEAD, loadRow, measureRound, pairedShare } from '../measure.js';
import type { MeasuredRound } from '../measure.js';
import { median, spread } from '../statistics.js';
import { StdioServer } from '../stdioServer.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';

// `npm run bench against -- DIR`: the throughput of update_context of this build and of the one in DIR, in turns. The two have databases of
// their own on one PostgreSQL, as each migrates to what it knows.

const CALLERS = 32;
const WARM_UP_MS = 4000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '7' }, seconds: { type: 'string', default: '10' } },
});
const [given] = positionals;
const rounds = Number(values.rounds);
const roundMs = Number(values.seconds) * 1000;
const checkouts = { this: process.cwd(), other: resolve(given ?? '') };
if (given === undefined || !existsSync(join(checkouts.other, 'dist/cli.js')) || !(rounds >= 1) || !(roundMs >= 1000)) {
  process.stderr.write(
    'Usage: npm run bench against -- [--rounds 7] [--seconds 10] DIR\nDIR is a checkout that has been built: it has dist/cli.js.\n',
  );
  process.exitCode = 2;
} else {
  process.stdout.write(`${(await machineFacts()).join('\n')}\nLoad average before the first round: ${loadAverage().toFixed(2)}\n\n`);
  await compare();
}

type Which = keyof typeof checkouts;

async function compare(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const lab = await openLab({ rounds, roundMs, progress: (line) => process.stderr.write(`${line}\n`) });
  stack.defer(() => lab.close());
  const start = async (which: Which): Promise<StdioServer> => {
    const database = await lab.emptyDatabase();
    stack.defer(() => database.drop());
    const env = { DATABASE_URL: database.url, OTEL_SDK_DISABLED: 'true' };
    const server = new StdioServer({ env, checkout: checkouts[which] });
    stack.defer(() => server.end());
    await server.initialize();
    await registerSessions(server, CALLERS);
    return server;
  };
  const servers = { this: await start('this'), other: await start('other') };
  const measure = (which: Which, durationMs: number): Promise<MeasuredRound> => {
    const server = servers[which];
    const pids = { server: server.pid, postgres: lab.postgres.pid };
    return measureRound({ callers: CALLERS, durationMs, call: (caller) => updateContext(server, caller), pids });
  };
  for (const which of ['this', 'other'] as const) await measure(which, WARM_UP_MS);
  const found: Record<Which, MeasuredRound[]> = { this: [], other: [] };
  for (let round = 0; round < rounds; round += 1) {
    lab.progress(`round ${round + 1} of ${rounds}`);
    const order: readonly Which[] = round % 2 === 0 ? ['this', 'other'] : ['other', 'this'];
    for (const which of order) found[which].push(await measure(which, roundMs));
  }
  report(found);
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
