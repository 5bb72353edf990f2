import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import pg from 'pg';
import { startThrowawayPostgres } from '../setup/throwawayPostgres.js';
import { Agent } from './agent.js';
import { failingBucket } from './failingBucket.js';
import { failingFolder } from './failingFolder.js';
import { Fleet } from './fleet.js';
import { storedHandoffs } from './evidence.js';
import type { Evidence } from './evidence.js';
import { judge } from './judge.js';
import { Ledger } from './ledger.js';
import { noRuns, operate, runJob } from './operator.js';
import type { OperatorCounts } from './operator.js';
import { seededRandom } from './random.js';
import { settle } from './settle.js';
import { unseenTampering } from './tamper.js';
import { makeTrouble } from './trouble.js';
import { untried } from './untried.js';

// Replicas, agents, and trouble: `npm run prove chaos [-- --seconds 120 --seed 7 --replicas 4 --agents 12 --store s3]`. Replicas and the
// database are killed and the archive fails (a bucket, or with `--store files` a folder), at times that the seed decides, while agents
// register sessions, write to them, hand them over and answer handoffs, and every session passes through its whole life within seconds.
// In the end, what the agents were told is compared with what is stored. Prints the counts as JSON; exit code 1 if anything is not as it
// must be, or was never tried.

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    replicas: { type: 'string', default: '4' },
    agents: { type: 'string', default: '12' },
    store: { type: 'string', default: 's3' },
  },
});
if (!['s3', 'files'].includes(values.store)) throw new RangeError('--store must be s3 or files.');
const seed = Number(values.seed);
const random = seededRandom(seed);
tell({ seed, seconds: Number(values.seconds), replicas: Number(values.replicas), agents: Number(values.agents), store: values.store });

/** A life in seconds: dormant after 1.5, expired after 4, deleted 12 after it was archived. */
const POLICY = `UPDATE retention_policies SET dormant_threshold_hours = 1.5 / 3600, active_session_ttl_hours = 4 / 3600.0,
  archived_session_ttl_days = $1::float8 / 86400 WHERE name = 'standard'`;
const PURGE_AFTER_S = 12;
/** The tampering needs two of them. */
const ENOUGH_PURGED = 5;
const CATCH_UP_MS = 30_000;
const NEVER_S = 86_400_000;

const folder = await mkdtemp(path.join(tmpdir(), 'handoff-chaos-'));
await using postgres = await startThrowawayPostgres({ settings: { max_connections: '300' } });
const store = values.store === 's3' ? await failingBucket(random.fork('faults')) : await failingFolder(folder, seed);
const database = new pg.Pool({ connectionString: postgres.url, max: 4 });
database.on('error', () => undefined);

const fleet = new Fleet(Number(values.replicas), {
  DATABASE_URL: postgres.url,
  HANDOFF_HTTP_PORT: '0',
  HANDOFF_ADMIN_PORT: '0',
  HANDOFF_DATA_DIR: folder,
  HANDOFF_LOG_LEVEL: 'info',
  ...store.env,
  OTEL_SDK_DISABLED: 'true',
});
let exitCode = 1;
try {
  exitCode = await run();
} finally {
  await fleet.stop();
  await database.end();
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = exitCode;

async function run(): Promise<number> {
  // One after the other at first: the first one migrates.
  await fleet.start(0);
  await fleet.heal(60_000);
  await database.query(POLICY, [PURGE_AFTER_S]);
  const ledger = new Ledger();
  const jobs = noRuns();
  const trouble = new AbortController();
  const agents = Array.from({ length: Number(values.agents) }, (_, index) => {
    const name = `agent-${index + 1}`;
    return new Agent(name, fleet, ledger, random.fork(name)).run(trouble.signal);
  });
  setTimeout(() => trouble.abort(), Number(values.seconds) * 1000);
  const [troubles] = await Promise.all([
    makeTrouble({ fleet, postgres, store, random }, trouble.signal),
    operate(fleet, random.fork('operator'), trouble.signal, jobs),
    ...agents,
  ]);

  store.failureShare = 0;
  await fleet.heal(60_000);
  await catchUp(jobs);
  // What is archived from now on stays, so that it can be read.
  await database.query(POLICY, [NEVER_S]);
  const unsettled = await settle(database, fleet, random.fork('settle'), jobs);
  await wait(500);
  const client = new Client({ name: 'judge', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(random.pick(fleet.urls))));
  const handoffs = await storedHandoffs(database, store);
  const evidence: Evidence = { database, client, handoffs: () => Promise.resolve(handoffs) };
  const { compared, faults } = await judge(evidence, ledger);
  const tried = {
    calls: { ...ledger.counts },
    handoffs: ledger.handoffs,
    troubles: { ...troubles },
    storeFaults: store.injected,
    jobRuns: jobs.runs,
    compared,
  };
  tell({ seed, ...tried, failedStarts: fleet.failedStarts, refusedJobs: jobs.refused, unansweredJobs: jobs.unanswered });
  // Last, because it falsifies what it looks at.
  const all = [...unsettled, ...faults, ...untried(tried), ...(await unseenTampering(evidence, ledger))];
  await client.close();
  if (all.length === 0) return 0;
  tell({ faults: all.length, first: all.slice(0, 40), complaints: fleet.complaints() });
  return 1;
}

/** On a slow machine something may not have happened yet: lets the jobs go on, and the store fail, until it has. */
async function catchUp(jobs: OperatorCounts): Promise<void> {
  const operator = random.fork('catch up');
  const deadline = performance.now() + CATCH_UP_MS;
  while (performance.now() < deadline) {
    const { rows } = await database.query<{ purged: number }>('SELECT count(*)::int AS purged FROM deletion_records');
    const lacksFaults = Object.values(store.injected).includes(0);
    const lacksLife = lacksFaults || (rows[0]?.purged ?? 0) < ENOUGH_PURGED;
    const due = Object.entries(jobs.runs).flatMap(([name, runs]) =>
      runs === 0 || (lacksLife && name === 'session-cleanup') ? [name] : [],
    );
    if (due.length === 0) break;
    store.failureShare = lacksFaults ? 0.5 : 0;
    for (const name of due) await runJob(fleet, operator, name, jobs);
    await wait(500);
  }
  store.failureShare = 0;
}

function tell(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
