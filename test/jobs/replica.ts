// A process that runs jobs, told by its parent what to do. Its job writes a row for each attempt, with the process that made it.
import { errorCode, errorMessage } from '../../src/errors/classify.js';
import { mayRunJobs } from '../../src/handoff/jobs/mayRunJobs.js';
import type { Database } from '../../src/handoff/storage/database.js';
import { openEmbeddedDatabase } from '../../src/handoff/storage/embedded/openEmbeddedDatabase.js';
import { migrate } from '../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../src/handoff/storage/postgres.js';
import { systemClock } from '../../src/time/clock.js';
import { makeReplica, testJob } from '../setup/jobsFixture.js';
import type { Replica } from '../setup/jobsFixture.js';
import type { Command, Order, Reply } from './replicaProtocol.js';

const deps = { clock: systemClock, random: Math.random, onConnectionLost: () => undefined };
let replica: Replica | undefined;
/** How long each attempt lasts from now on. */
let holdMs = 0;

async function openDatabase({ url, dataDir }: Extract<Order, { do: 'open' }>): Promise<Database> {
  const database =
    url === undefined
      ? await openEmbeddedDatabase({ dataDir: dataDir ?? '', openTimeoutMs: 200_000 }, deps)
      : await createPostgresDatabase({ connectionString: url, poolSize: 5, connectRetryMs: 500 }, deps);
  await migrate(database, {}, deps);
  await database.query({
    name: 'test.attempts',
    text: 'CREATE TABLE IF NOT EXISTS attempts (id serial, pid int, began timestamptz DEFAULT clock_timestamp(), ended timestamptz)',
  });
  return database;
}

async function open(order: Extract<Order, { do: 'open' }>): Promise<string> {
  holdMs = order.holdMs ?? 0;
  const database = await openDatabase(order);
  const job = testJob('sweep', async ({ signal }) => {
    const [row] = await database.query<{ id: number }>(
      { name: 'test.begin', text: 'INSERT INTO attempts (pid) VALUES ($1) RETURNING id' },
      [process.pid],
    );
    if (holdMs > 0) await systemClock.sleep(holdMs, { signal }).catch(() => undefined);
    await database.query({ name: 'test.end', text: 'UPDATE attempts SET ended = clock_timestamp() WHERE id = $1' }, [row?.id]);
    return { pid: process.pid };
  });
  replica = makeReplica(database, [job], { mayRun: () => mayRunJobs(database) });
  replica.jobs.start();
  return 'role' in database && typeof database.role === 'function' ? String(database.role()) : 'replica';
}

function opened(): Replica {
  if (replica === undefined) throw new Error('send `open` first');
  return replica;
}

async function obey(command: Command): Promise<unknown> {
  switch (command.do) {
    case 'open':
      return open(command);
    case 'hold':
      return (holdMs = command.holdMs);
    case 'run':
      return opened().jobs.runNow('sweep');
    case 'configure':
      return opened().jobs.configure('sweep', command.change);
    case 'status':
      return (await opened().jobs.status())['sweep'];
    case 'warnings':
      return opened().log.filter(([level]) => level !== 'info');
    case 'attempts':
      return opened().database.query({ name: 'test.read', text: 'SELECT pid, began, ended FROM attempts ORDER BY id' });
    case 'stop':
      await opened().jobs.stop(1000);
      return opened().database.close();
  }
}

process.on('message', (command: Command) => {
  obey(command).then(
    (value) => process.send?.({ id: command.id, value } satisfies Reply),
    (error: unknown) =>
      process.send?.({ id: command.id, error: { code: errorCode(error) ?? 'none', message: errorMessage(error) } } satisfies Reply),
  );
});
