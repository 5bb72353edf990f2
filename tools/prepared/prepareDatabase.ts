import crypto from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { serveClients } from '../../src/handoff/storage/embedded/clientServer.js';
import { openPglite } from '../../src/handoff/storage/embedded/pgliteBackend.js';
import { migrate } from '../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../src/handoff/storage/postgres.js';
import { systemClock } from '../../src/time/clock.js';

// Creates the folder `pgdata` in the given folder: an empty, migrated database without this month's partitions. It is a process of
// its own, because its clock stands still and its random numbers are fixed: every build gives the same files.

const builtAtMs = Date.UTC(2026, 0, 1);
Date.now = () => builtAtMs;
const realNow = performance.now.bind(performance);
performance.now = () => 0;
const fixed = <Bytes extends ArrayBufferView | null>(bytes: Bytes): Bytes => {
  if (bytes !== null) new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).fill(7);
  return bytes;
};
globalThis.crypto.getRandomValues = fixed;
crypto.randomFillSync = fixed;

const [home = ''] = process.argv.slice(2);
const backend = await openPglite(home, {
  onLine: () => undefined,
  onCrash: (error) => {
    throw error;
  },
});
const server = await serveClients(join(home, '.s.PGSQL.5432'), backend, 60_000);
const clock = { ...systemClock, monotonicMs: realNow };
const database = await createPostgresDatabase(
  { connectionString: `postgres://postgres@/postgres?host=${encodeURIComponent(home)}`, kind: 'embedded', poolSize: 1 },
  { clock, random: () => 0, onConnectionLost: () => undefined },
);
await migrate(database, {}, { clock, random: () => 0 });
const months = await database.query<{ name: string }>({
  name: 'prepare.months',
  text: "SELECT format('%I', c.relname) AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relname ~ '_y[0-9]{4}m[0-9]{2}$' AND c.relkind = 'r' ORDER BY 1",
});
for (const { name } of months) await database.query({ name: 'prepare.drop', text: `DROP TABLE ${name}` });
// Nobody creates another database from them, and they are two thirds of the files that a first start has to write.
await database.query({ name: 'prepare.templates', text: 'UPDATE pg_database SET datistemplate = false' });
for (const name of ['template0', 'template1']) await database.query({ name: 'prepare.dropDatabase', text: `DROP DATABASE ${name}` });
await database.query({ name: 'prepare.vacuum', text: 'VACUUM (FREEZE)' });
await database.close();
await server.stop();
await backend.close();
rmSync(join(home, '.s.PGSQL.5432'), { force: true });
process.exit(0);
