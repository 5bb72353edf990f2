import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';

/** The goal is a second; a machine that runs other tests meanwhile takes its time. A stalled thread would answer after more than this. */
const BOUND_MS = 2000;
const STALL_MS = 3000;
/** Lets a signal keep the main thread of the server busy. */
const STALLING = `process.on('SIGWINCH', () => { const until = performance.now() + ${STALL_MS}; while (performance.now() < until); });`;
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

describe('the health of a server', () => {
  let database: FreshDatabase;
  let server: ServerProcess;
  let adminUrl: string;

  beforeAll(async () => {
    database = await freshDatabase();
    server = startServer([], {
      DATABASE_URL: database.url,
      HANDOFF_HTTP_PORT: '0',
      HANDOFF_ADMIN_PORT: '0',
      HANDOFF_HEALTH_CHECK_INTERVAL_MS: '1000',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'prometheus',
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(STALLING)}`,
    });
    adminUrl = String((await server.logged('handoff.http.listening'))['adminUrl']);
  });
  afterAll(async () => {
    await server.kill('SIGKILL');
    await database.drop();
  });

  async function get(path: string): Promise<{ status: number; text: string; tookMs: number }> {
    const startMs = performance.now();
    const answer = await fetch(`${adminUrl}${path}`);
    const text = await answer.text();
    return { status: answer.status, text, tookMs: performance.now() - startMs };
  }

  const command = (...args: string[]): Promise<{ code: unknown; out: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [cli, 'health', '--url', adminUrl, ...args], { env: { PATH: '' } }, (error, out) =>
        resolve({ code: error === null ? 0 : error.code, out }),
      );
    });

  it('is known from the first request on', async () => {
    const { status, text } = await get('/health');
    expect(status).toBe(200);
    expect(JSON.parse(text).checks).toMatchObject({
      database: [{ state: 'healthy' }],
      redis: [{ state: 'healthy', reason: 'in_process' }],
      migrations: [{ state: 'healthy' }],
      partitions: [{ state: 'healthy' }],
      telemetry: [{ reason: 'not_measured' }],
    });
    expect(await command()).toMatchObject({ code: 0, out: expect.stringContaining('database') });
  });

  it('is told while the main thread is stalled, with the last metrics', { timeout: 60_000 }, async () => {
    await expect.poll(async () => (await get('/metrics')).text).toContain('handoff_health_state{');
    const took: number[] = [];
    let silentMs = 0;
    for (let stall = 0; stall < 2; stall += 1) {
      server.child.kill('SIGWINCH');
      const untilMs = performance.now() + STALL_MS + 200;
      while (performance.now() < untilMs) {
        const answers = await Promise.all([get('/livez'), get('/health'), get('/metrics')]);
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
        took.push(...answers.map(({ tookMs }) => tookMs));
        silentMs = Math.max(silentMs, JSON.parse(answers[1].text).mainThreadSilentMs as number);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    expect(silentMs).toBeGreaterThan(STALL_MS / 2);
    expect(Math.max(...took)).toBeLessThan(BOUND_MS);
  });

  it('says when the database accepts no writes, and when it does again', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const readOnly = async (setting: 'on' | 'off'): Promise<void> => {
      await client.query('SET transaction_read_only = off');
      await client.query(
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = ${setting}', current_database()); END $$`,
      );
      await client.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
    };
    await readOnly('on');
    await expect.poll(async () => (await get('/health')).status).toBe(503);
    const { text } = await get('/health');
    expect(JSON.parse(text)).toMatchObject({ state: 'unhealthy', checks: { database: [{ state: 'unhealthy' }] } });
    await expect.poll(async () => JSON.parse((await get('/health')).text).reason as string).toBe('read_only');
    expect(await command('--json')).toMatchObject({ code: 2, out: expect.stringContaining('"read_only"') });
    expect((await server.logged('handoff.health.changed'))['advice']).toMatch(/\.$/u);
    await readOnly('off');
    await client.end();
    await expect.poll(async () => (await get('/health')).status).toBe(200);
    expect((await command('--fail-on', 'unhealthy')).code).toBe(0);
  });

  it('is unreachable when the server has ended', async () => {
    await server.kill('SIGTERM');
    expect(await command()).toEqual({ code: 3, out: '' });
  });
});
