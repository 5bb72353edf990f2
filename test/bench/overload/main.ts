import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openLab } from '../lab.js';
import { loadAverage, machineFacts } from '../machine.js';
import { median } from '../statistics.js';
import { measureCosts } from './costs.js';
import { document } from './document.js';
import { HttpSubject } from './httpSubject.js';
import { MODES, measurePeak, measurePoint, registerSessions } from './rounds.js';
import type { Mode, Point } from './rounds.js';

// `npm run bench overload`: what a server finishes in time when it gets more than it can do, with admission and without. Prints a report;
// with --write keeps it as docs/comparisons/overload.md.

/** Until the server's code has been compiled. */
const WARM_UP_MS = 8000;
const COST_CALLS = 3000;
const FACTORS = [0.5, 0.75, 1, 1.5, 2, 3];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    factors: { type: 'string', default: FACTORS.join(',') },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const roundMs = Number(values.seconds) * 1000;
const factors = values.factors.split(',').map(Number);
if (!(rounds >= 1) || !(roundMs >= 2000) || factors.some((factor) => !(factor > 0)))
  throw new RangeError('--rounds must be at least 1, --seconds at least 2, and --factors numbers above 0.');

const tell = (line: string): void => void process.stderr.write(`${line}\n`);
const head = { date: new Date().toISOString().slice(0, 10), machine: await machineFacts(), loadAverage: loadAverage(), rounds, roundMs };
tell('what a refusal costs');
const costs = await measureCosts(rounds, COST_CALLS);
const lab = await openLab({ rounds, roundMs, progress: tell });
await using stack = new AsyncDisposableStack();
stack.defer(() => lab.close());

const subjects = new Map<Mode, HttpSubject>();
for (const [mode, env] of Object.entries(MODES) as [Mode, Readonly<Record<string, string>>][]) {
  const database = await lab.emptyDatabase();
  const subject = await HttpSubject.start(process.cwd(), { DATABASE_URL: database.url, OTEL_SDK_DISABLED: 'true', ...env });
  stack.defer(() => database.drop());
  stack.defer(() => subject.end());
  await registerSessions(subject);
  await measurePeak(subject, WARM_UP_MS);
  subjects.set(mode, subject);
}
const points: Point[] = [];
const peaks: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const order = [...subjects];
  // Who begins changes from round to round: what drifts on the machine hits both alike.
  if (round % 2 === 1) order.reverse();
  const found: number[] = [];
  for (const [, subject] of order) found.push(await measurePeak(subject, roundMs / 2));
  const peak = median(found);
  peaks.push(peak);
  tell(`round ${round + 1} of ${rounds}: ${peak.toFixed(0)} calls/s by callers that wait for their answers`);
  for (const factor of factors) {
    for (const [mode, subject] of order) {
      const point = await measurePoint(subject, { mode, round, factor, peak, roundMs });
      points.push(point);
      tell(
        `  ${factor} × ${mode.padEnd(7)} offered ${point.offered.toFixed(0)} done ${point.goodput.toFixed(0)} p99 ${point.p99Ms.toFixed(0)} ms ` +
          `${JSON.stringify(point.outcomes)} late ${point.latestMs.toFixed(0)} ms, generator ${(point.generatorShare * 100).toFixed(0)} % of a core`,
      );
    }
  }
}
const command = `npm run bench overload -- --rounds ${rounds} --seconds ${roundMs / 1000}${values.write ? ' --write' : ''}`;
const text = document({ ...head, command, costs, peaks, points });
process.stdout.write(text);
if (values.write) writeFileSync(new URL('../../../docs/comparisons/overload.md', import.meta.url), text);
