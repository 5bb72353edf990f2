import { describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import type { OtlpReceiver } from '../../../../src/testing/receiverTypes.js';
import { databaseUrl, redisUrl } from '../../../setup/services.js';
import { runProcess } from '../instrumentedProcess.js';
import type { ProcessOutcome } from '../instrumentedProcess.js';

/** Uses every library with a secret in each place a caller's content can be; `h`, `pg`, `Redis` and `pino` are in scope. */
const WORK = `
  const pool = new pg.Pool({ connectionString: process.env.DB, max: 2 });
  const redis = new Redis(process.env.REDIS);
  const log = pino({ base: null }, pino.destination(2));
  (async () => {
    await redis.ping();
    await h.tracer.startActiveSpan('parent', async (span) => {
      await pool.query("SELECT 1 AS a, 'canary-literal' AS b");
      await pool.query("INSERT\\ninto canary_table values ('canary-value')").catch(() => {});
      const client = await pool.connect();
      await client.query({ name: 'canary-plan', text: 'SELECT $1::int', values: ['canary-parameter'] }).catch(() => {});
      client.release();
      await redis.set('canary-key', 'canary-value');
      await redis.call('lpush', 'canary-key', 'canary-member').catch(() => {});
      await redis.eval("return redis.error_reply('CANARY canary-script')", 0).catch(() => {});
      await redis.del('canary-key');
      log.info('a line');
      span.recordException(new Error('canary-message'));
      span.setStatus({ code: 2, message: 'canary-status' });
      span.end();
    });
    await redis.quit();
    await pool.end();
    process.stderr.write('STATUS' + JSON.stringify(h.status().libraries) + '\\n');
  })();`;

const ESM_IMPORTS = `import pg from 'pg'; import { Redis } from 'ioredis'; import { pino } from 'pino'; import { instrument } from './src/instrumentation/instrument.ts';`;
const ESM_LATER = `const { default: pg } = await import('pg'); const { Redis } = await import('ioredis'); const { pino } = await import('pino');`;
const CJS_LIBRARIES = `const pg = require('pg'); const { Redis } = require('ioredis'); const { pino } = require('pino');`;
const CJS_US = `const { instrument } = require('./src/instrumentation/instrument.ts');`;

const PROGRAMS = [
  ['ESM, libraries imported before', 'module', `${ESM_IMPORTS} const h = instrument();`, []],
  [
    'ESM, libraries imported after',
    'module',
    `import { instrument } from './src/instrumentation/instrument.ts'; const h = instrument(); ${ESM_LATER}`,
    [],
  ],
  ['ESM, --import register', 'module', `${ESM_IMPORTS} const h = instrument();`, ['--import', './src/register.ts']],
  ['CommonJS, libraries required before', 'commonjs', `${CJS_LIBRARIES} ${CJS_US} const h = instrument();`, []],
  ['CommonJS, libraries required after', 'commonjs', `${CJS_US} const h = instrument(); ${CJS_LIBRARIES}`, []],
] as const;

async function run(
  receiver: OtlpReceiver,
  format: 'module' | 'commonjs',
  start: string,
  flags: readonly string[],
): Promise<ProcessOutcome> {
  const env = { DB: databaseUrl(), REDIS: redisUrl(), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, CANARY: 'canary-environment' };
  return await runProcess({ code: `${start}\n${WORK}`, format, flags, env });
}

describe.each(PROGRAMS)('%s', (_what, format, start, flags) => {
  it('covers pg, ioredis and pino once, and lets nothing of the content out', async () => {
    await using receiver = await startOtlpReceiver();
    const { code, stdout, stderr } = await run(receiver, format, start, flags);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' });

    const parent = receiver.spans().find(({ name }) => name === 'parent');
    const children = receiver.spans().filter(({ parentSpanId }) => parentSpanId === parent?.spanId);
    const database = new URL(databaseUrl()).pathname.slice(1);
    expect(children.map(({ name }) => name).sort()).toEqual(
      [`INSERT ${database}`, `SELECT ${database}`, `SELECT ${database}`, 'DEL', 'EVAL', 'LPUSH', 'SET'].sort(),
    );
    expect(children.every(({ traceId }) => traceId === parent?.traceId)).toBe(true);
    const failed = children
      .filter(({ status }) => status.code === 'ERROR')
      .map(({ attributes, status }) => [attributes['error.type'], status.message]);
    expect(failed).toEqual(
      expect.arrayContaining([
        ['42P01', 'SQLSTATE 42P01'],
        ['22P02', 'SQLSTATE 22P02'],
        ['WRONGTYPE', undefined],
      ]),
    );

    const durations = receiver.metricPoints().filter(({ metric }) => metric === 'db.client.operation.duration');
    const labels = durations.map(({ attributes }) => [
      attributes['db.system.name'],
      attributes['db.operation.name'],
      attributes['error.type'],
    ]);
    expect(labels).toEqual(
      expect.arrayContaining([
        ['postgresql', 'SELECT', undefined],
        ['postgresql', 'INSERT', '42P01'],
        ['redis', 'SET', undefined],
        ['redis', 'LPUSH', 'WRONGTYPE'],
      ]),
    );
    expect(new Set(durations.flatMap(({ attributes }) => Object.keys(attributes)))).toEqual(
      new Set(['db.system.name', 'db.namespace', 'db.operation.name', 'error.type']),
    );
    expect(receiver.metricPoints().map(({ metric }) => metric)).toContain('nodejs.eventloop.utilization');

    const [line] = receiver.logRecords();
    expect(line).toMatchObject({ body: 'a line', traceId: parent?.traceId, spanId: parent?.spanId });
    expect(line?.resource.attributes).toEqual(parent?.resource.attributes);
    expect(durations[0]?.resource.attributes).toEqual(parent?.resource.attributes);

    const everything = JSON.stringify([receiver.spans(), receiver.metricPoints(), receiver.logRecords()], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(everything.match(/canary(?!_table)[\w-]*/gi)).toBeNull();
    expect(everything).not.toContain(process.execPath);

    const libraries = JSON.parse(/STATUS(.*)/.exec(stderr)?.[1] ?? '[]') as { name: string; copies: { coverage: string }[] }[];
    expect(libraries.map(({ name, copies }) => [name, copies.map(({ coverage }) => coverage)])).toEqual([
      ['pg', ['patched']],
      ['pg-pool', ['patched']],
      ['ioredis', ['patched']],
      ['pino', ['channel']],
      ['runtime', ['observed']],
    ]);
  });
});
