import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { migrate } from '../../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../../src/handoff/storage/postgres.js';
import { systemClock } from '../../../src/time/clock.js';
import { freshDatabase } from '../../setup/freshDatabase.js';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';

// `npm run bench deletion -- [--rounds 5] [--also FILE]`: what keeping facts costs the deletion of an entry. FILE is SQL that puts other
// triggers in the place of ours, such as those of an earlier commit; both are measured in turn.

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, also: { type: 'string' } } });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const SESSIONS = 10;
const ENTRIES = 6000;

/** Seconds from one entry of a session to the next, and whether their sizes differ. */
const histories = [
  ['all in one minute, of one size', 0, false],
  ['two a second, of many sizes', 0.5, true],
  ['two a minute, of many sizes', 30, true],
] as const;

async function opened(serverUrl: string, sql: string): Promise<Client> {
  const fresh = await freshDatabase(serverUrl);
  const database = await createPostgresDatabase(
    { connectionString: fresh.url },
    { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
  );
  await migrate(database, {}, { clock: systemClock, random: Math.random });
  await database.close();
  const client = new Client({ connectionString: fresh.url });
  await client.connect();
  await client.query(sql);
  return client;
}

async function fill(client: Client, secondsApart: number, isVaried: boolean): Promise<void> {
  await client.query('TRUNCATE sessions CASCADE');
  await client.query(
    `INSERT INTO sessions (session_key, agent_from, status) SELECT 'k' || n, 'a', 'expired' FROM generate_series(1, ${SESSIONS}) n`,
  );
  await client.query(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content, created_at)
     SELECT s.id, n, (ARRAY['message', 'file', 'tool_call'])[1 + n % 3], repeat('x', CASE WHEN $2 THEN 20 + (n * 37) % 900 ELSE 20 END),
       date_trunc('minute', now()) - interval '40 days' + n * $1::float8 * interval '1 second'
     FROM sessions s, generate_series(1, ${ENTRIES}) n`,
    [secondsApart, isVaried],
  );
  await client.query('VACUUM ANALYZE context_history');
}

/** Microseconds for each entry. */
async function deletion(client: Client, role: 'origin' | 'replica'): Promise<number> {
  await client.query(`BEGIN; SET LOCAL session_replication_role = ${role}`);
  const startMs = performance.now();
  await client.query('DELETE FROM context_history');
  const micros = ((performance.now() - startMs) * 1000) / (SESSIONS * ENTRIES);
  await client.query('ROLLBACK; VACUUM context_history');
  return micros;
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

const server = await startThrowawayPostgres();
try {
  const ours = await opened(server.url, '');
  const other = values.also === undefined ? undefined : await opened(server.url, readFileSync(values.also, 'utf8'));
  const clients = [ours, ...(other === undefined ? [] : [other])];
  say(
    `µs an entry, medians of ${values.rounds} rounds\n\n| entries of a session | bare deletion | with facts |${other === undefined ? '' : ' with those of the file |'}`,
  );
  say(`|---|---|---|${other === undefined ? '' : '---|'}`);
  for (const [name, secondsApart, isVaried] of histories) {
    const bare: number[] = [];
    const kept: number[][] = clients.map(() => []);
    for (const client of clients) await fill(client, secondsApart, isVaried);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      bare.push(await deletion(ours, 'replica'));
      for (const [index, client] of clients.entries()) kept[index]?.push(await deletion(client, 'origin'));
    }
    say(`| ${name} | ${median(bare).toFixed(1)} | ${kept.map((times) => median(times).toFixed(1)).join(' | ')} |`);
  }
  await Promise.all(clients.map((client) => client.end()));
} finally {
  await server.stop();
}
