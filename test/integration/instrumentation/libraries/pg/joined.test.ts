import { expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../../src/testing/otlpReceiver.js';
import { databaseUrl } from '../../../../setup/services.js';
import { runProcess } from '../../instrumentedProcess.js';

const PROGRAM = `
  import { createRequire } from 'node:module';
  const require = createRequire(process.cwd() + '/package.json');
  const { NodeSDK } = require('@opentelemetry/sdk-node');
  const { default: pg } = await import('pg');
  const Cursor = require('pg-cursor');
  const sdk = new NodeSDK({ serviceName: 'foreign' });
  sdk.start();
  const { instrument } = await import('./src/instrumentation/instrument.ts');
  const h = instrument();
  const pool = new pg.Pool({ connectionString: process.env.DB, max: 1 });
  await pool.query("SELECT 'canary-literal' AS a, 42 AS b");
  await pool.query("INSERT\\ninto canary_table values ('canary-value')").catch(() => {});
  await pool.query('CANARY-WORD of no kind').catch(() => {});
  const client = await pool.connect();
  await client.query({ name: 'canary-plan', text: 'SELECT $1::int', values: ['canary-parameter'] }).catch(() => {});
  const cursor = client.query(new Cursor("SELECT 'canary-row' AS a FROM generate_series(1, 3)"));
  await cursor.read(10);
  await cursor.close();
  client.release();
  await h.flush();
  await pool.end();
  await h.shutdown();
  const spansAfter = pg.Client.prototype.query.__original === undefined;
  await sdk.shutdown();
  process.stdout.write(String(spansAfter));`;

it('in the SDK of someone else, queries are as safe as in ours, and pools are measured', async () => {
  await using receiver = await startOtlpReceiver();
  const { stdout, stderr } = await runProcess({
    code: PROGRAM,
    env: { DB: databaseUrl(), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: 'otlp' },
  });
  expect(stdout, stderr).toBe('true');
  const database = new URL(databaseUrl()).pathname.slice(1);
  const queries = receiver.spans().filter(({ attributes }) => attributes['db.system.name'] === 'postgresql');
  expect(queries.map(({ name, attributes, status }) => [name, attributes['db.query.text'], status.message])).toEqual([
    [`SELECT ${database}`, 'SELECT ? AS a, ? AS b', undefined],
    [`INSERT ${database}`, 'INSERT into canary_table values (?)', 'SQLSTATE 42P01'],
    [`OTHER ${database}`, '?', 'SQLSTATE 42601'],
    [`SELECT ${database}`, 'SELECT $1::int', 'SQLSTATE 22P02'],
    [`SELECT ${database}`, 'SELECT ? AS a FROM generate_series(?)', undefined],
  ]);
  expect(new Set(queries.map(({ resource }) => resource.attributes['service.name']))).toEqual(new Set(['foreign']));

  const points = receiver.metricPoints();
  const named = (name: string) => points.filter(({ metric }) => metric === name);
  expect(
    named('db.client.operation.duration').map(({ attributes }) => [attributes['db.operation.name'], attributes['error.type']]),
  ).toEqual(
    expect.arrayContaining([
      ['SELECT', undefined],
      ['INSERT', '42P01'],
      ['OTHER', '42601'],
      ['SELECT', '22P02'],
    ]),
  );
  expect(named('db.client.connection.wait_time').length).toBeGreaterThan(0);
  expect(named('db.client.connection.limit').length).toBeGreaterThan(0);
  // The resource is the foreign SDK's own affair; it has this program's text among the arguments of the process.
  const made = [...receiver.spans(), ...points].map((record) => ({ ...record, resource: undefined }));
  const everything = JSON.stringify(made, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  expect(everything.match(/canary(?!_table)[\w-]*/gi)).toBeNull();
});
