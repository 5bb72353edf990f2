import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createHandoffServices } from '../../../src/handoff/services.js';
import { createMemoryCache } from '../../../src/handoff/storage/memoryCache.js';
import { migrate } from '../../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../../src/handoff/storage/postgres.js';
import { systemClock } from '../../../src/time/clock.js';
import { freshDatabase } from '../../setup/freshDatabase.js';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { startThrowawayRedis } from '../../setup/throwawayRedis.js';
import { loadAverage, machineFacts } from '../machine.js';
import { document } from './document.js';
import type { Figures } from './document.js';
import { countDue, fill, makeDueAgain } from './fill.js';
import { latencies } from './latency.js';
import { dropOldMonth } from './partitions.js';
import { bullTurn, graphileTurn, pgBossTurn } from './queues.js';
import { bareEngine, replicas } from './sweeps.js';
import type { Engine } from './sweeps.js';

// `npm run bench lifecycle`: what ending sessions costs, beside the bare statement and queues with one job for each session, in one run
// on one server. Prints a report; with --write keeps it as docs/comparisons/lifecycle.md. --scale 0.01 tries it out with a hundredth.

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
  },
});
const scale = Number(values.scale);
const rounds = Number(values.rounds);
if (!(scale > 0) || !(rounds >= 1) || (values.write && scale !== 1))
  throw new RangeError('--scale must be above 0, --rounds at least 1, and --write keeps only full figures.');

const WORKERS = 2;
const sessions = 3_000_000 * scale;
const due = 1_000_000 * scale;
const jobs = 100_000 * scale;
const sameDue = 20_000 * scale;
const logRows = 10_000_000 * scale;
const LATENCY_SECONDS = 30;
const machine = { clock: systemClock, random: Math.random };

await using server = await startThrowawayPostgres({
  durability: 'postgres-default',
  settings: { shared_buffers: '1GB', max_wal_size: '8GB', max_connections: '200' },
});
await using redis = await startThrowawayRedis();

/** Runs `work` on a migrated database of its own. */
async function onDatabase<T>(work: (url: string, pool: pg.Pool) => Promise<T>): Promise<T> {
  const fresh = await freshDatabase(server.url);
  const database = await createPostgresDatabase(
    { connectionString: fresh.url, poolSize: 2 },
    { ...machine, onConnectionLost: () => undefined },
  );
  await migrate(database, {}, machine);
  await database.close();
  const pool = new pg.Pool({ connectionString: fresh.url, max: 4 });
  pool.on('error', () => undefined);
  try {
    return await work(fresh.url, pool);
  } finally {
    await pool.end();
    await fresh.drop();
  }
}

/** Sessions ended each second. @throws Error when an engine ended fewer than it was asked to. */
async function rate(engine: Engine, count: number): Promise<number> {
  const { ended, ms } = await engine(count);
  if (ended !== count) throw new Error(`Only ${ended} of ${count} sessions were ended.`);
  return (ended * 1000) / ms;
}

async function sweepFigures(url: string, pool: pg.Pool): Promise<Pick<Figures, 'bare' | 'ours' | 'largeTable'>> {
  const bare = bareEngine(url, WORKERS);
  const ours = await replicas(url, WORKERS, 0);
  const turn = Math.floor(due / (rounds + 1) / 2 / (1000 * WORKERS)) * 1000 * WORKERS;
  const rates: { bare: number[]; ours: number[] } = { bare: [], ours: [] };
  // The first round fills caches and plans, and does not count. Who begins changes from round to round.
  for (let round = 0; round <= rounds; round += 1) {
    const order = round % 2 === 0 ? (['bare', 'ours'] as const) : (['ours', 'bare'] as const);
    for (const name of order) {
      const measured = await rate(name === 'bare' ? bare : ours.sweep, turn);
      if (round > 0) rates[name].push(measured);
      tell(`${name}: ${Math.round(measured)}/s`);
    }
  }
  await makeDueAgain(pool);
  await pool.query(
    `UPDATE sessions SET expires_at = now() + interval '10 days'
     WHERE id IN (SELECT id FROM sessions WHERE expires_at <= now() ORDER BY expires_at OFFSET $1)`,
    [sameDue],
  );
  await pool.query('VACUUM (ANALYZE) sessions');
  const largeTable = await rate(ours.sweep, sameDue);
  await ours.close();
  return { ...rates, largeTable };
}

async function queueFigures(url: string): Promise<Figures['queues']> {
  const queues: Record<string, { perSecond: number; enqueuedPerSecond: number }> = {};
  const engines = {
    'pg-boss': () => pgBossTurn(url, jobs),
    'graphile-worker': () => graphileTurn(url, jobs),
    BullMQ: () => bullTurn(url, redis.url, jobs),
  };
  for (const [name, turn] of Object.entries(engines)) {
    const { ended, ms, enqueueMs } = await turn();
    if (ended !== jobs) throw new Error(`${name} ended ${ended} of ${jobs} sessions.`);
    queues[name] = { perSecond: (ended * 1000) / ms, enqueuedPerSecond: (jobs * 1000) / enqueueMs };
    tell(`${name}: ${Math.round((ended * 1000) / ms)}/s`);
  }
  return queues;
}

async function dropFigures(): Promise<Figures['drop']> {
  return onDatabase(async (url, pool) => {
    const database = await createPostgresDatabase(
      { connectionString: url, poolSize: 4 },
      { ...machine, onConnectionLost: () => undefined },
    );
    const cache = await createMemoryCache({ maxEntries: 10, maxBytes: 10_000 }, machine);
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const { retention } = createHandoffServices({ database, cache, log });
    try {
      return await dropOldMonth(pool, logRows, async () => (await retention.maintainPartitions()).dropped.length);
    } finally {
      await database.close();
    }
  });
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

const head = { date: new Date().toISOString().slice(0, 10), machine: await machineFacts(), loadAverage: loadAverage(), rounds, scale };
const large = await onDatabase(async (url, pool) => {
  tell(`filling ${sessions} sessions`);
  await fill(pool, { sessions, due });
  const sweep = await sweepFigures(url, pool);
  await makeDueAgain(pool);
  await pool.query("UPDATE sessions SET expires_at = now() - interval '1 hour' WHERE substring(session_key from 8)::int % 3 = 0");
  await pool.query('VACUUM (ANALYZE) sessions');
  tell(`${await countDue(pool)} due for the queues`);
  const queues = await queueFigures(url);
  const latency = await latencies(url, LATENCY_SECONDS * Math.min(1, scale * 10), Math.min(await countDue(pool), 500_000));
  return { ...sweep, queues, latency };
});
const smallTable = await onDatabase(async (url, pool) => {
  await fill(pool, { sessions: sessions / 10, due: sameDue });
  const ours = await replicas(url, WORKERS, 0);
  const measured = await rate(ours.sweep, sameDue);
  await ours.close();
  return measured;
});
tell('filling a month of log rows');
const drop = await dropFigures();
const text = document({ ...head, sessions, due, jobs, sameDue, ...large, smallTable, drop });
process.stdout.write(text);
if (values.write) writeFileSync(new URL('../../../docs/comparisons/lifecycle.md', import.meta.url), text);
