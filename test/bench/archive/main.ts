import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createFileStore } from '../../../src/handoff/archive/objects/fileStore.js';
import type { ObjectStore } from '../../../src/handoff/archive/objects/objectStore.js';
import { createS3Store } from '../../../src/handoff/archive/objects/s3Store.js';
import { createHandoffServices } from '../../../src/handoff/services.js';
import { createMemoryCache } from '../../../src/handoff/storage/memoryCache.js';
import { migrate } from '../../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../../src/handoff/storage/postgres.js';
import { systemClock } from '../../../src/time/clock.js';
import { freshDatabase } from '../../setup/freshDatabase.js';
import { S3_CREDENTIALS, createBucket, startThrowawayS3 } from '../../setup/throwawayS3.js';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { loadAverage, machineFacts } from '../machine.js';

// `npm run bench archive`: how many sessions, and how many megabytes of content, move into the archive and back in a second, one after
// the other as one sweep does it, with four at a time. PostgreSQL keeps its usual durability; files are synchronised.

const SHAPES = [
  { name: '20 entries of 200 bytes', entries: 20, hashes: 6, share: 1 },
  { name: '250 entries of 2 kB', entries: 250, hashes: 64, share: 0.1 },
] as const;
const BYTES_PER_MB = 1_000_000;
const MS_PER_S = 1000;

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '1000' },
    s3: { type: 'boolean', default: true },
    write: { type: 'boolean', default: false },
  },
  allowNegative: true,
});
const sessions = Number(values.sessions);

interface Row {
  readonly store: string;
  readonly shape: string;
  readonly what: 'archive' | 'restore';
  readonly count: number;
  readonly megabytes: number;
  readonly seconds: number;
}

async function measure(postgresUrl: string, store: ObjectStore): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const shape of SHAPES) {
    const fresh = await freshDatabase(postgresUrl);
    const database = await createPostgresDatabase(
      { connectionString: fresh.url, statementTimeoutMs: 0 },
      { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
    );
    await migrate(database, {}, { clock: systemClock, random: Math.random });
    const count = Math.max(1, Math.round(sessions * shape.share));
    await database.pool.query(
      "INSERT INTO sessions (session_key, agent_from, status, expires_at, last_activity_at) SELECT 's' || n, 'a', 'expired', now(), now() - interval '9 days' FROM generate_series(1, $1::int) n",
      [count],
    );
    await database.pool.query(
      `INSERT INTO context_history (session_id, sequence_number, context_type, content, content_size_bytes)
       SELECT s.id, n, 'message', (SELECT string_agg(md5(s.session_key || n || m), '') FROM generate_series(1, $2::int) m), 32 * $2::int
       FROM sessions s, generate_series(1, $1::int) n`,
      [shape.entries, shape.hashes],
    );
    await database.pool.query('ANALYZE');
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const { archive } = createHandoffServices({
      database,
      cache: await createMemoryCache({}, { clock: systemClock }),
      archive: store,
      log,
    });
    const timed = async (what: Row['what'], work: () => Promise<void>): Promise<void> => {
      process.stderr.write(`${store.kind}, ${shape.name}: ${what}\n`);
      const begunMs = systemClock.monotonicMs();
      await work();
      const megabytes = (count * shape.entries * shape.hashes * 32) / BYTES_PER_MB;
      rows.push({
        store: store.kind,
        shape: shape.name,
        what,
        count,
        megabytes,
        seconds: (systemClock.monotonicMs() - begunMs) / MS_PER_S,
      });
    };
    await timed('archive', async () => {
      const { archived } = await archive.archiveDue(count);
      if (archived !== count) throw new Error(`${archived} of ${count} sessions were archived`);
    });
    const ids = (await archive.list(undefined, count)).map(({ session_id: id }) => id);
    await timed('restore', async () => {
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          for (let id = ids.pop(); id !== undefined; id = ids.pop()) await archive.restore(id);
        }),
      );
    });
    await database.close();
    await fresh.drop();
  }
  return rows;
}

const folder = mkdtempSync(join(tmpdir(), 'handoff-archive-'));
const postgres = await startThrowawayPostgres({ durability: 'postgres-default' });
const rows: Row[] = [];
try {
  rows.push(...(await measure(postgres.url, createFileStore(folder))));
  if (values.s3) {
    Object.assign(process.env, S3_CREDENTIALS);
    const s3 = await startThrowawayS3();
    await createBucket(s3.url, 'archive');
    const store = await createS3Store({ bucket: 'archive', endpoint: s3.url, forcePathStyle: true });
    rows.push(...(await measure(postgres.url, store)));
    store.close();
    await s3.stop();
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
const text = [
  '# What archiving sessions and restoring them costs',
  '',
  `Written by \`npm run bench archive -- --write\` on ${new Date().toISOString().slice(0, 10)}.`,
  '',
  ...(await machineFacts()).map((fact) => `- ${fact}`),
  `- Load average at the end: ${loadAverage()}`,
  '- The S3 server is moto, which runs on the same two cores',
  '',
  'Each session is written, read back and compared before its rows are deleted, four at a time, as one sweep does it. PostgreSQL keeps its',
  'usual durability; files are synchronised. MB count the content of the entries, before it is compressed. One run.',
  '',
  '| Store | Sessions of | | Number | Sessions/s | MB/s |',
  '| --- | --- | --- | ---: | ---: | ---: |',
  ...rows.map(
    ({ store, shape, what, count, megabytes, seconds }) =>
      `| ${store} | ${shape} | ${what} | ${count} | ${(count / seconds).toFixed(0)} | ${(megabytes / seconds).toFixed(1)} |`,
  ),
  '',
].join('\n');
process.stdout.write(text);
if (values.write) writeFileSync(new URL('../../../docs/comparisons/archive.md', import.meta.url), text);
