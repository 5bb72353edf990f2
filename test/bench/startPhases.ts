import { pathToFileURL } from 'node:url';
import type * as Instrument from '../../src/instrumentation/instrument.js';
import type * as Settings from '../../src/handoff/config/resolve.js';
import type * as Migrate from '../../src/handoff/storage/migrate/migrate.js';
import type * as Server from '../../src/handoff/server/createHandoffServer.js';
import type * as Stdio from '../../src/handoff/server/stdio.js';
import type * as Serve from '../../src/handoff/cli/serve/serve.js';
import type * as Postgres from '../../src/handoff/storage/postgres.js';
import type * as SystemClock from '../../src/time/clock.js';

// Run in a process of its own by the start scenario: takes the steps of a server's start one by one and prints how long each
// took. The modules are built as those `handoff-otel serve` loads; argv[2] is the folder of the build.

const build = pathToFileURL(`${process.argv[2] ?? ''}/`);
const phases: [string, number][] = [['Node.js itself', performance.now()]];
let lastMs = performance.now();

function took(name: string): void {
  const nowMs = performance.now();
  phases.push([name, nowMs - lastMs]);
  lastMs = nowMs;
}

async function load<Module>(path: string): Promise<Module> {
  return (await import(new URL(path, build).href)) as Module;
}

await load<typeof Settings>('handoff/config/resolve.js');
took('configuration (zod)');
await load<typeof Stdio>('handoff/server/stdio.js');
await load<typeof Server>('handoff/server/createHandoffServer.js');
took('MCP SDK and the server');
const { instrument } = await load<typeof Instrument>('instrumentation/instrument.js');
took('`instrument()`: its imports');
const telemetry = instrument({ serviceName: 'bench', stdio: true, exitHooks: false, prometheus: { enabled: false } });
took('`instrument()`: loading and starting the SDK');
await load<typeof Serve>('handoff/cli/serve/serve.js');
took('the rest of the command');
const { createPostgresDatabase } = await load<typeof Postgres>('handoff/storage/postgres.js');
const machine = { clock: (await load<typeof SystemClock>('time/clock.js')).systemClock, random: Math.random };
const database = await createPostgresDatabase(
  { connectionString: process.env['DATABASE_URL'] ?? '' },
  { ...machine, onConnectionLost: () => undefined },
);
took('loading `pg`');
await database.query({ name: 'bench_connect', text: 'SELECT 1' });
took('connecting to PostgreSQL');
const { migrate } = await load<typeof Migrate>('handoff/storage/migrate/migrate.js');
await migrate(database, { folder: new URL('../../migrations/', import.meta.url) }, machine);
took('checking the schema');

process.stdout.write(JSON.stringify(phases));
await database.close();
await telemetry.shutdown();
