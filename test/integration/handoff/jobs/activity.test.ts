import { metrics, trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { activityOf, readActivity } from '../../../../src/handoff/jobs/pgBoss/activity.js';
import { PgBossEngine } from '../../../../src/handoff/jobs/pgBoss/pgBossEngine.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { systemClock } from '../../../../src/time/clock.js';
import { freshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, sql } from '../storage/openDatabase.js';

it('reads the queues of several schemas over one connection', async () => {
  const fresh = await freshDatabase();
  const database = await openDatabase(fresh.url, { poolSize: 1 });
  // The names differ only after the 63 bytes that PostgreSQL keeps of a statement's name.
  const schemas = ['one', 'two'].map((end) => `${'jobs_of_a_very_long_name_'.repeat(2)}${end}`);
  try {
    for (const [index, schema] of schemas.entries()) {
      await sql(
        database,
        `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.job (name text, state text, source_name text);
         INSERT INTO ${schema}.job SELECT 'cleanup', 'active' FROM generate_series(1, ${index})`,
      );
    }
    const running = async (schema: string): Promise<boolean | undefined> =>
      (await activityOf(database, readActivity(schema), ['cleanup'], 'dead')).get('cleanup')?.running;
    expect([await running(schemas[0] ?? ''), await running(schemas[1] ?? ''), await running(schemas[0] ?? '')]).toEqual([
      false,
      true,
      false,
    ]);
  } finally {
    await database.close();
    await fresh.drop();
  }
});

it('knows of no runs before anything is installed, without a statement that fails', async () => {
  const fresh = await freshDatabase();
  const database = await openDatabase(fresh.url, { poolSize: 1 });
  const failures: unknown[] = [];
  const query: Database['query'] = async (...given) =>
    database.query<never>(...given).catch((error: unknown) => {
      failures.push(error);
      throw error;
    });
  const ignore = (): void => undefined;
  const engine = new PgBossEngine({
    database: { ...database, query },
    schema: 'handoff_jobs',
    mayInstall: true,
    tracer: trace.getTracer('test'),
    meter: metrics.getMeter('test'),
    clock: systemClock,
    onError: ignore,
    onPassingError: ignore,
    onWarning: ignore,
  });
  try {
    expect([...(await engine.activity(['cleanup']))]).toEqual([]);
    expect(failures).toEqual([]);
    await engine.install();
    expect([...(await engine.activity(['cleanup']))]).toEqual([['cleanup', { running: false, deadLetters: 0 }]]);
  } finally {
    await database.close();
    await fresh.drop();
  }
});
