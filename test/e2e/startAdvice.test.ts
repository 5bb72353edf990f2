import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../setup/freshDatabase.js';
import { serverEnv } from '../setup/serverProcess.js';
import { startThrowawayPostgres } from '../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../setup/throwawayServer.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

let postgres: ThrowawayServer;
beforeAll(async () => {
  postgres = await startThrowawayPostgres();
});
afterAll(() => postgres.stop());

function run(args: readonly string[], databaseUrl: string): { status: number | null; stderr: string; tookMs: number } {
  const startMs = performance.now();
  const env = serverEnv({ DATABASE_URL: databaseUrl, OTEL_SDK_DISABLED: 'true', HANDOFF_LOG_LEVEL: 'silent', HOME: '/nonexistent' });
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { env, encoding: 'utf8', timeout: 55_000 });
  return { status, stderr, tookMs: performance.now() - startMs };
}

it.each([[['serve', '--stdio']], [['migrate']]])(
  '%j without the password that the server asks for names it and ends, although the server keeps the connection for a minute',
  (args) => {
    const url = new URL(postgres.url);
    url.password = '';
    const { status, stderr, tookMs } = run(args, url.href);
    expect(status).toBe(1);
    expect(stderr).toContain('(password_missing)');
    expect(stderr).toContain('The server requires a password and none was given: add it to DATABASE_URL');
    expect(stderr).not.toContain('    at ');
    expect(tookMs).toBeLessThan(30_000);
  },
  60_000,
);

it('a database that cannot keep every text is refused with the remedy, before anything is made in it', async () => {
  const fresh = await freshDatabase(postgres.url);
  const url = new URL(fresh.url);
  const name = url.pathname.slice(1);
  await fresh.drop();
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
  await client.end();
  const { status, stderr } = run(['migrate'], url.href);
  expect(status).toBe(1);
  expect(stderr).toContain('The database has the encoding LATIN1');
  expect(stderr).toContain("ENCODING 'UTF8'");
}, 60_000);
