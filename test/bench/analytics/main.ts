import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createHandoffServices } from '../../../src/handoff/services.js';
import { createMemoryCache } from '../../../src/handoff/storage/memoryCache.js';
import { migrate } from '../../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../../src/handoff/storage/postgres.js';
import { systemClock } from '../../../src/time/clock.js';
import { openLab } from '../lab.js';
import type { Lab } from '../lab.js';
import { loadAverage, machineFacts } from '../machine.js';
import { cpuTimeMs } from '../processCpu.js';
import { measureCalls } from './calls.js';
import { document } from './document.js';
import { measureYear } from './year.js';
import type { Subject, YearFigures } from './year.js';

// `npm run bench analytics`: a year of events, rolled up in parts, reports of the year, and tool calls beside the jobs of analytics. Prints
// a report; with --write keeps it as docs/comparisons/analytics.md.

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    reports: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '16' },
    seconds: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
  },
});
const [events, reports, rounds, seconds] = [values.events, values.reports, values.rounds, values.seconds].map(Number);
if (!((events ?? 0) >= 1000) || !((reports ?? 0) >= 1) || !((rounds ?? 0) >= 2) || !((seconds ?? 0) >= 5))
  throw new RangeError('--events must be at least 1000, --reports at least 1, --rounds at least 2, and --seconds at least 5.');

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function openSubject(lab: Lab, stack: AsyncDisposableStack): Promise<Subject> {
  const fresh = await lab.emptyDatabase();
  stack.defer(() => fresh.drop());
  const database = await createPostgresDatabase(
    { connectionString: fresh.url, poolSize: 4 },
    { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
  );
  stack.defer(() => database.close());
  await migrate(database, {}, { clock: systemClock, random: Math.random });
  const cache = await createMemoryCache({}, { clock: systemClock });
  stack.defer(() => cache.close());
  return { database, analytics: createHandoffServices({ database, cache, log: silent }).analytics };
}

function readCpu({ postgres }: Lab): number | undefined {
  const server = cpuTimeMs(postgres.pid, { children: true });
  const { user, system } = process.cpuUsage();
  return server === undefined ? undefined : server + (user + system) / 1000;
}

async function year(lab: Lab): Promise<YearFigures> {
  await using stack = new AsyncDisposableStack();
  const subjects = { year: await openSubject(lab, stack), young: await openSubject(lab, stack) };
  return await measureYear(subjects, { events: events ?? NaN, rounds: reports ?? NaN, readCpu: () => readCpu(lab), tell: lab.progress });
}

const head = { date: new Date().toISOString().slice(0, 10), machine: await machineFacts(), loadAverage: loadAverage() };
const lab = await openLab({
  rounds: rounds ?? NaN,
  roundMs: (seconds ?? NaN) * 1000,
  progress: (line) => process.stderr.write(`${line}\n`),
});
try {
  const calls = await measureCalls(lab);
  const command = `npm run bench analytics -- --events ${events} --reports ${reports} --rounds ${rounds} --seconds ${seconds}${values.write ? ' --write' : ''}`;
  const text = document({ ...head, command, calls, callRoundSeconds: seconds ?? NaN, ...(await year(lab)) });
  process.stdout.write(text);
  if (values.write) writeFileSync(new URL('../../../docs/comparisons/analytics.md', import.meta.url), text);
} finally {
  await lab.close();
}
