import { trace } from '@opentelemetry/api';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { describe, expect, it } from 'vitest';
import { toError } from '../../../../../src/errors/classify.js';
import { freePort } from '../../../../setup/freePort.js';
import { coveredPg, database, testClient, testPool } from './coveredPg.js';

type Outcome = Promise<unknown>;
const { Query } = pg as unknown as {
  Query: new (text: string, values?: unknown[], callback?: Callback) => pg.Query & { on(event: string, listener: Callback): void };
};
type Callback = (error: unknown, result?: unknown) => void;
type AnyQuery = (...args: unknown[]) => unknown;

const settle = (start: (callback: Callback) => void): Outcome =>
  new Promise((resolve, reject) => start((error, result) => (error ? reject(toError(error)) : resolve(result))));
const raw = (client: pg.Client): AnyQuery => client.query.bind(client);

/** Every way to ask a client, with one statement. */
const FORMS: readonly (readonly [what: string, ask: (client: pg.Client, sql: string) => Outcome])[] = [
  ['a promise', (client, sql) => client.query(sql)],
  ['a promise of a config', (client, sql) => client.query({ text: sql, rowMode: 'array' })],
  ['a callback in the second place', (client, sql) => settle((callback) => raw(client)(sql, callback))],
  ['a callback in the third place', (client, sql) => settle((callback) => raw(client)(sql, [], callback))],
  ['a config and a callback', (client, sql) => settle((callback) => raw(client)({ text: sql }, callback))],
  ['a config with a callback', (client, sql) => settle((callback) => raw(client)({ text: sql, callback }))],
  ['a frozen config with a callback', (client, sql) => settle((callback) => raw(client)(Object.freeze({ text: sql, callback })))],
  ['a Query with a callback', (client, sql) => settle((callback) => raw(client)(new Query(sql, undefined, callback)))],
  ['a Query and a callback', (client, sql) => settle((callback) => raw(client)(new Query(sql), callback))],
  [
    'a Query with listeners',
    (client, sql) =>
      settle((callback) => {
        const query = new Query(sql);
        query.on('end', (result) => callback(undefined, result));
        query.on('error', callback);
        raw(client)(query);
      }),
  ],
  ['a cursor', async (client, sql) => await client.query(new Cursor(sql)).read(10)],
];

describe.each(FORMS)('%s', (_what, ask) => {
  it("is one span and one duration, in the caller's trace", async () => {
    await using covered = coveredPg();
    await using client = await testClient();
    const { tracer } = covered.recording;
    await tracer.startActiveSpan('parent', async (parent) => {
      await ask(client, "SELECT 'secret' AS a");
      parent.end();
    });
    await expect.poll(() => covered.spans().map(({ name }) => name)).toEqual(expect.arrayContaining([`SELECT ${database()}`, 'parent']));
    const [query] = covered.spans().filter(({ name }) => name.startsWith('SELECT'));
    const parent = covered.spans().find(({ name }) => name === 'parent');
    expect(query?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
    expect(query?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.namespace': database(),
      'db.operation.name': 'SELECT',
      'db.query.text': 'SELECT ? AS a',
      'server.address': client.host,
      'server.port': client.port,
    });
    expect(await covered.points('db.client.operation.duration')).toEqual([
      {
        attributes: { 'db.system.name': 'postgresql', 'db.namespace': database(), 'db.operation.name': 'SELECT' },
        value: 1,
        sum: expect.any(Number),
      },
    ]);
    expect(covered.spans()).toHaveLength(2);
  });

  it('has the SQLSTATE as error.type when the server refuses it', async () => {
    await using covered = coveredPg();
    await using client = await testClient();
    await expect(ask(client, "SELECT 'secret'::int AS a")).rejects.toMatchObject({ code: '22P02' });
    await expect.poll(() => covered.spans()).toHaveLength(1);
    const [span] = covered.spans();
    expect(span?.attributes).toMatchObject({ 'error.type': '22P02', 'db.response.status_code': '22P02' });
    expect(span?.status.message).toBe('SQLSTATE 22P02');
    expect(
      (await covered.points('db.client.operation.duration')).map(({ attributes, value }) => [attributes['error.type'], value]),
    ).toEqual([['22P02', 1]]);
    expect(JSON.stringify(span?.attributes)).not.toContain('secret');
  });

  it('says that the connection went away while it ran', async () => {
    await using covered = coveredPg();
    await using client = await testClient();
    const asked = ask(client, 'SELECT pg_terminate_backend(pg_backend_pid())');
    await expect(asked).rejects.toMatchObject({ message: expect.stringMatching(/terminat/) as string });
    await expect.poll(() => covered.spans()).toHaveLength(1);
    expect(covered.spans()[0]?.attributes['error.type']).toMatch(/^(?:57P01|connection_terminated|ECONNRESET)$/);
    expect((await covered.points('db.client.operation.duration'))[0]?.attributes).toHaveProperty('error.type');
  });
});

it('runs a callback in the context of its caller', async () => {
  await using covered = coveredPg();
  await using client = await testClient();
  const seen: (string | undefined)[] = [];
  await covered.recording.tracer.startActiveSpan('parent', async (parent) => {
    await settle((callback) =>
      raw(client)('SELECT 1', (error: unknown) => {
        seen.push(trace.getActiveSpan()?.spanContext().spanId);
        callback(error);
      }),
    );
    parent.end();
    expect(seen).toEqual([parent.spanContext().spanId]);
  });
});

it('leaves a config that is used again as it was', async () => {
  await using covered = coveredPg();
  await using client = await testClient();
  const calls: unknown[] = [];
  const callback = (error: unknown): void => void calls.push(error);
  const config = { text: 'SELECT 1', callback };
  for (let count = 1; count <= 3; count += 1) {
    raw(client)(config);
    expect(config).toEqual({ text: 'SELECT 1', callback });
    await expect.poll(() => calls).toHaveLength(count);
  }
  expect(covered.spans()).toHaveLength(3);
});

it('keeps a rejection nobody handles unhandled, and the caller in its stack', async () => {
  await using _covered = coveredPg();
  await using client = await testClient();
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', listener);
  try {
    void client.query('SELECT nothing_like_it');
    await expect.poll(() => unhandled).toHaveLength(1);
  } finally {
    process.removeListener('unhandledRejection', listener);
    for (const other of others) process.on('unhandledRejection', other);
  }
  const error: unknown = await client.query('SELECT nothing_like_it').catch((reason: unknown) => reason);
  expect((error as Error).stack).toContain('queryForms.test.ts');
});

it('reports what pg refuses at once, and throws it as pg does', async () => {
  await using covered = coveredPg();
  await using client = await testClient();
  expect(() => raw(client)(null)).toThrow('Client was passed a null or undefined query');
  expect(covered.spans().map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([[`OTHER ${database()}`, 'TypeError']]);
  expect((await covered.points('db.client.operation.duration')).map(({ attributes }) => attributes['error.type'])).toEqual(['TypeError']);
});

it('says timeout for a query that took too long', async () => {
  await using covered = coveredPg();
  await using client = await testClient({ query_timeout: 50 });
  await expect(client.query('SELECT pg_sleep(0.3)')).rejects.toThrow('Query read timeout');
  expect(covered.spans().map(({ attributes }) => attributes['error.type'])).toEqual(['timeout']);
});

describe('a query that never reached a server', () => {
  it('through a pool is a failed span and duration, in each form', async () => {
    await using covered = coveredPg();
    const port = await freePort();
    await using pool = testPool({ connectionString: `postgres://user:password@127.0.0.1:${port}/nowhere` });
    await covered.recording.tracer.startActiveSpan('parent', async (parent) => {
      await expect(pool.query("DELETE\nFROM t WHERE a = 'secret'")).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await expect(settle((callback) => pool.query('SELECT 1', callback))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await expect(pool.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      parent.end();
    });
    const queries = covered.spans().filter(({ name }) => name !== 'parent');
    expect(
      queries.map(({ name, attributes, parentSpanContext }) => [
        name,
        attributes['db.query.text'],
        attributes['error.type'],
        parentSpanContext !== undefined,
      ]),
    ).toEqual([
      ['DELETE nowhere', 'DELETE FROM t WHERE a = ?', 'ECONNREFUSED', true],
      ['SELECT nowhere', 'SELECT ?', 'ECONNREFUSED', true],
    ]);
    expect(
      (await covered.points('db.client.operation.duration')).map(({ attributes, value }) => [
        attributes['db.operation.name'],
        attributes['error.type'],
        value,
      ]),
    ).toEqual([
      ['DELETE', 'ECONNREFUSED', 1],
      ['SELECT', 'ECONNREFUSED', 1],
    ]);
  });

  it('through a client that is not connected says so once it is given up', async () => {
    await using covered = coveredPg();
    const client = new pg.Client({ host: '127.0.0.1', port: await freePort(), database: 'nowhere', user: 'user' });
    client.on('error', () => undefined);
    const asked = client.query('SELECT 1').catch((error: unknown) => error);
    await expect(client.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await asked).toBeInstanceOf(Error);
    expect(covered.spans().map(({ attributes }) => attributes['error.type'])).toEqual(['connection_terminated']);
  });
});
