import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLab, startInstrumented, TELEMETRY_OFF } from '../lab.js';
import type { Lab } from '../lab.js';
import { loadAverage } from '../machine.js';
import { measureRound } from '../measure.js';
import { median } from '../statistics.js';
import { expectSpans } from '../spanLedger.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';
import { measureParts } from './parts.js';

// `npm run bench telemetry`: whether telemetry still costs a call of update_context less CPU than it may, in paired rounds with everything
// on and everything off. CPU time for a call, and not throughput: other programs of the machine hardly change it. When it misses, it is
// measured again, since a machine may be busy for a while. Says what it measured, and fails when no attempt is within the bound.
//
// With `-- --parts` it says what each part costs instead, and with `--beside DIR` also what a call takes in another build, in the same
// cycles; `--ends` leaves out the parts.

const CALLERS = 32;
const WARM_UP_MS = 3000;
const ROUND_MS = 1000;
const ROUNDS = 5;
const ATTEMPTS = 3;
/** What a release costs at most, with room for other machines; a change that doubles what telemetry costs is far beyond it. */
const MOST = 2.2;

/** The limit of concurrent calls follows the delay of the event loop: on a busy machine calls would be refused, which ends a round. */
const STEADY = { HANDOFF_ADAPTIVE_CONCURRENCY: 'false' } as const;

const { values } = parseArgs({
  options: {
    most: { type: 'string', default: String(MOST) },
    parts: { type: 'boolean', default: false },
    ends: { type: 'boolean', default: false },
    beside: { type: 'string' },
    seconds: { type: 'string', default: '180' },
  },
});
const most = Number(values.most);
if (!(most > 1)) throw new RangeError('--most wants a number above 1');
const { beside } = values;
if (beside !== undefined && !existsSync(join(beside, 'dist/cli.js'))) throw new RangeError('--beside wants a checkout that has been built');

const lab = await openLab({ rounds: ROUNDS, roundMs: ROUND_MS, progress: (line) => process.stderr.write(`${line}\n`) });
try {
  if (values.parts || values.ends) {
    const seconds = Number(values.seconds);
    process.stdout.write(`Load average before: ${loadAverage().toFixed(2)}\n\n`);
    process.stdout.write(await measureParts({ lab, seconds, beside, endsOnly: values.ends, env: STEADY }));
  } else {
    const ratio = await lowestRatio(lab);
    process.stdout.write(`With telemetry a call takes ${ratio.toFixed(2)} times the CPU time (at most ${most}).\n`);
    if (!(ratio <= most)) process.exitCode = 1;
  }
} finally {
  await lab.close();
}

/** The first that is within the bound, else the lowest. */
async function lowestRatio({ rounds, roundMs, progress, ...of }: Lab): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const database = await of.emptyDatabase();
  stack.defer(() => database.drop());
  const counter = await of.startCounter();
  stack.defer(() => counter.close());
  const servers = {
    on: await startInstrumented({ database, counter }, STEADY),
    off: await startInstrumented({ database, counter }, { ...STEADY, ...TELEMETRY_OFF }),
  };
  await registerSessions(servers.on, CALLERS);
  let updates = 0;
  const cpuUs = async (which: 'on' | 'off', durationMs: number): Promise<number> => {
    const server = servers[which];
    const pids = { server: server.pid, postgres: of.postgres.pid };
    const round = await measureRound({ callers: CALLERS, durationMs, call: (caller) => updateContext(server, caller), pids });
    if (which === 'on') updates += round.calls;
    return round.cpuUs?.server ?? Number.NaN;
  };
  for (const which of ['on', 'off'] as const) await cpuUs(which, WARM_UP_MS);
  let lowest = Number.NaN;
  for (let attempt = 0; attempt < ATTEMPTS && !(lowest <= most); attempt += 1) {
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? (['on', 'off'] as const) : (['off', 'on'] as const);
      const found = { on: 0, off: 0 };
      for (const which of order) found[which] = await cpuUs(which, roundMs);
      progress(`${found.on.toFixed(0)} µs a call with telemetry, ${found.off.toFixed(0)} µs without`);
      ratios.push(found.on / found.off);
    }
    lowest = Math.min(median(ratios), Number.isNaN(lowest) ? Infinity : lowest);
  }
  await Promise.all([servers.on.end(), servers.off.end()]);
  expectSpans(await counter.counts(), { updates, registrations: CALLERS });
  return lowest;
}
