import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as SqlClient } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';

let database: FreshDatabase;
let folder: string;
let file: string;
let server: ServerProcess;

const write = (settings: object | string): void => writeFileSync(file, typeof settings === 'string' ? settings : JSON.stringify(settings));
const records = (name: string): Record<string, unknown>[] =>
  server.stderr.flatMap((line) => {
    const record = line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : {};
    return record['event.name'] === name ? [record] : [];
  });

async function query(text: string): Promise<Record<string, unknown>[]> {
  const sql = new SqlClient({ connectionString: database.url });
  await sql.connect();
  try {
    return (await sql.query<Record<string, unknown>>(text)).rows;
  } finally {
    await sql.end();
  }
}

beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'handoff-reload-'));
  file = join(folder, 'settings.json');
  // The address of the database is in the file alone: commands read it there too.
  write({ DATABASE_URL: database.url, HANDOFF_LOG_LEVEL: 'info', HANDOFF_ALERT_MEMORY_PERCENT: 80 });
  server = startServer([], {
    HANDOFF_CONFIG_FILE: file,
    HANDOFF_HTTP_PORT: '0',
    HANDOFF_ADMIN_PORT: '0',
    HANDOFF_DATA_DIR: folder,
    OTEL_SDK_DISABLED: 'true',
  });
  await server.logged('handoff.http.listening');
});
afterAll(async () => {
  await server.kill('SIGTERM');
  rmSync(folder, { recursive: true });
  await database.drop();
});

it('SIGHUP makes a running server take what has changed, and each change is kept', async () => {
  write({
    DATABASE_URL: database.url,
    HANDOFF_ALERT_MEMORY_PERCENT: 70,
    HANDOFF_MAX_CONCURRENT_CALLS: 8,
    HANDOFF_MAX_ANSWER_BYTES: 1_048_576,
  });
  server.child.kill('SIGHUP');
  await expect.poll(() => records('handoff.config.changed').length).toBe(3);
  const facts = records('handoff.config.changed').map((record) => [
    record['handoff.config.setting'],
    record['before'],
    record['after'],
    record['handoff.config.effect'],
  ]);
  expect(facts).toEqual([
    ['HANDOFF_ALERT_MEMORY_PERCENT', '80', '70', 'applied'],
    ['HANDOFF_MAX_ANSWER_BYTES', '4194304', '1048576', 'needs_restart'],
    ['HANDOFF_MAX_CONCURRENT_CALLS', '256', '8', 'applied'],
  ]);
  const rows = (): Promise<unknown[]> =>
    query("SELECT subject, event_data FROM system_events WHERE event_type = 'setting_changed' ORDER BY subject");
  await expect.poll(rows).toMatchObject([
    { subject: 'HANDOFF_ALERT_MEMORY_PERCENT', event_data: { actor: 'SIGHUP', before: '80', after: '70', effect: 'applied' } },
    { subject: 'HANDOFF_MAX_ANSWER_BYTES', event_data: { effect: 'needs_restart' } },
    { subject: 'HANDOFF_MAX_CONCURRENT_CALLS', event_data: { effect: 'applied' } },
  ]);
});

it('analytics takes a new interval and a new window without a restart', async () => {
  const cron = async (): Promise<unknown> =>
    (await query("SELECT cron FROM handoff_jobs.schedule WHERE name = 'analytics-rollup'").catch(() => []))[0]?.['cron'];
  await expect.poll(cron, { timeout: 30_000 }).toBe('* * * * *');
  write({ DATABASE_URL: database.url, HANDOFF_ANALYTICS_AGGREGATION_INTERVAL_MINUTES: 5, HANDOFF_ANALYTICS_TREND_WINDOW_DAYS: 7 });
  server.child.kill('SIGHUP');
  const effects = (): Promise<unknown[]> =>
    query("SELECT event_data ->> 'effect' AS effect FROM system_events WHERE subject LIKE 'HANDOFF_ANALYTICS%'");
  await expect.poll(effects).toEqual([{ effect: 'applied' }, { effect: 'applied' }]);
  await expect.poll(cron, { timeout: 30_000 }).toBe('*/5 * * * *');
}, 90_000);

it('a file that cannot be used changes nothing, and the server goes on', async () => {
  write({ DATABASE_URL: database.url, HANDOFF_ALERT_DISK_PERCENT: 'much', HANDOFF_LOG_LEVEL: 'loud' });
  server.child.kill('SIGHUP');
  const refused = await server.logged('handoff.config.refused');
  expect(refused['problems']).toHaveLength(2);
  expect(server.child.exitCode).toBeNull();
});

it('the level of the log is another one at once', async () => {
  const known = records('handoff.config.unchanged').length;
  const levels = async (): Promise<unknown[]> =>
    (await query("SELECT event_data ->> 'after' AS level FROM system_events WHERE subject = 'HANDOFF_LOG_LEVEL' ORDER BY created_at")).map(
      (row) => row['level'],
    );
  write({ DATABASE_URL: database.url, HANDOFF_LOG_LEVEL: 'error' });
  server.child.kill('SIGHUP');
  await expect.poll(levels).toEqual(['error']);
  // This one says nothing new, which is told at a level that is not written any more.
  server.child.kill('SIGHUP');
  await new Promise((resolve) => setTimeout(resolve, 200));
  write({ DATABASE_URL: database.url, HANDOFF_LOG_LEVEL: 'info' });
  server.child.kill('SIGHUP');
  await expect.poll(levels).toEqual(['error', 'info']);
  await expect.poll(() => records('handoff.config.changed').at(-1)).toMatchObject({ before: 'error', after: 'info', level: 30 });
  expect(records('handoff.config.unchanged').length).toBe(known);
});

it('SIGUSR2 writes a heap snapshot that only its owner can read', async () => {
  server.child.kill('SIGUSR2');
  const { file: snapshot, level } = await server.logged('handoff.memory.snapshot');
  expect([level, String(snapshot).startsWith(join(folder, 'diagnostics'))]).toEqual([30, true]);
  expect(statSync(String(snapshot)).mode & 0o777).toBe(0o600);
  expect(statSync(String(snapshot)).size).toBeGreaterThan(1_000_000);
});

it('a bad file keeps a server from starting, with every problem', async () => {
  const bad = join(folder, 'bad.json');
  writeFileSync(bad, '{"HANDOFF_PG_POOL_SIZE": 0, "HANDOFF_LOG_LEVEL": "loud"}');
  const failed = startServer(['--stdio'], { HANDOFF_CONFIG_FILE: bad, HANDOFF_DATA_DIR: folder });
  expect(await failed.end()).toMatchObject({ code: 2 });
  expect(failed.stderr.join('\n')).toMatch(/HANDOFF_PG_POOL_SIZE[\s\S]*HANDOFF_LOG_LEVEL/u);
});
