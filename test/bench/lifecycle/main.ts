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
import { rate, takeTurns } from './rounds.js';
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
/** For all rounds together. */
const due = 1_500_000 * scale;
/** Of one turn of a queue. */
const jobs = 20_000 * scale;
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

/** A few due in the table that the rounds have left, so that they can be compared with as many in a small table. */
async function largeTableFigure(pool: pg.Pool, ours: Engine): Promise<number> {
  await pool.query("UPDATE sessions SET expires_at = now() + interval '10 days' WHERE status = 'active' AND expires_at <= now()");
  await pool.query(
    "UPDATE sessions SET status = 'active', expires_at = now() - interval '1 hour' WHERE substring(session_key from 8)::int % $1::int = 0",
    [Math.round(sessions / sameDue)],
  );
  await pool.query('TRUNCATE session_lifecycle');
  await pool.query('VACUUM (ANALYZE) sessions');
  await pool.query('CHECKPOINT');
  return rate('the sweep', await ours(sameDue), sameDue);
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
  const bare = await bareEngine(url, WORKERS);
  const swept = await replicas(url, WORKERS, 0);
  const entrants = {
    bare: bare.sweep,
    ours: swept.sweep,
    queues: {
      'pg-boss': (count: number) => pgBossTurn(url, count),
      'graphile-worker': (count: number) => graphileTurn(url, count),
      BullMQ: (count: number) => bullTurn(url, redis.url, count),
    },
  };
  const figures = await takeTurns(pool, entrants, { rounds, due, jobs }, tell);
  const largeTable = await largeTableFigure(pool, swept.sweep);
  await bare.close();
  await swept.close();
  await makeDueAgain(pool);
  tell(`${await countDue(pool)} due for the sweep beside calls`);
  const latency = await latencies(url, LATENCY_SECONDS * Math.min(1, scale * 10));
  return { ...figures, largeTable, latency };
});
const smallTable = await onDatabase(async (url, pool) => {
  await fill(pool, { sessions: sessions / 10, due: sameDue });
  const ours = await replicas(url, WORKERS, 0);
  const measured = rate('the sweep', await ours.sweep(sameDue), sameDue);
  await ours.close();
  return measured;
});
tell('filling a month of log rows');
const drop = await dropFigures();
const text = document({ ...head, sessions, due, jobs, sameDue, ...large, smallTable, drop });
process.stdout.write(text);
if (values.write) writeFileSync(new URL('../../../docs/comparisons/lifecycle.md', import.meta.url), text);
