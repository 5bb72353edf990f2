import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type pg from 'pg';
import Cursor from 'pg-cursor';
import { describe, expect, it } from 'vitest';
import { coveredPg, database, testClient, testPool } from './coveredPg.js';
import type { CoveredPg } from './coveredPg.js';

const ROWS = 'SELECT i FROM generate_series(1, 100) AS i';
const SUBMITTED = ['handleReadyForQuery', 'handleError'];

function submit(client: pg.Client | pg.PoolClient, cursor: Cursor): Cursor {
  return client.query(cursor);
}

async function oneSpan(covered: CoveredPg): Promise<readonly [name: string, error: unknown]> {
  await expect.poll(() => covered.spans()).toHaveLength(1);
  const [point, ...more] = await covered.points('db.client.operation.duration');
  expect(more).toEqual([]);
  const [span] = covered.spans();
  expect(point?.value).toBe(1);
  expect(point?.attributes['error.type']).toBe(span?.attributes['error.type']);
  return [span?.name ?? '', span?.attributes['error.type']];
}

/** As pg-query-stream does it: a stream that has a cursor and hands the client's messages on to it. */
class RowStream extends Readable {
  readonly cursor: Cursor;

  constructor(sql: string) {
    super({ objectMode: true, highWaterMark: 10 });
    this.cursor = new Cursor(sql);
    for (const name of [
      'handleRowDescription',
      'handleDataRow',
      'handlePortalSuspended',
      'handleCommandComplete',
      'handleReadyForQuery',
      'handleError',
      'handleEmptyQuery',
    ]) {
      const handle = Reflect.get(this.cursor, name) as (...args: unknown[]) => unknown;
      Reflect.set(this, name, handle.bind(this.cursor));
    }
  }

  submit(connection: Parameters<Cursor['submit']>[0]): void {
    this.cursor.submit(connection);
  }

  override _read(size: number): void {
    this.cursor.read(size).then(
      (rows) => {
        if (rows.length === 0) this.push(null);
        for (const row of rows) this.push(JSON.stringify(row));
      },
      (error: unknown) => this.destroy(error as Error),
    );
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.cursor.close().then(() => callback(error), callback);
  }
}

describe('the span of a cursor ends', () => {
  it('when its rows were read to the end, not before', async () => {
    await using covered = coveredPg();
    await using client = await testClient();
    const cursor = submit(client, new Cursor(ROWS));
    expect(await cursor.read(60)).toHaveLength(60);
    expect(covered.spans()).toHaveLength(0);
    expect(await cursor.read(60)).toHaveLength(40);
    expect(await oneSpan(covered)).toEqual([`SELECT ${database()}`, undefined]);
    expect(covered.spans()[0]?.attributes['db.query.text']).toBe('SELECT i FROM generate_series(?) AS i');
    expect(SUBMITTED.filter((name) => Object.hasOwn(cursor, name))).toEqual([]);
  });

  it('when it is closed', async () => {
    await using covered = coveredPg();
    await using client = await testClient();
    const cursor = submit(client, new Cursor(ROWS));
    await cursor.read(10);
    await cursor.close();
    expect(await oneSpan(covered)).toEqual([`SELECT ${database()}`, undefined]);
    expect((await client.query('SELECT 7 AS seven')).rows).toEqual([{ seven: 7 }]);
  });

  it('when the server finds an error in it, at once or in a later row', async () => {
    for (const sql of ["SELECT 'secret'::int AS a", 'SELECT 1 / (50 - i) AS a FROM generate_series(1, 100) AS i']) {
      await using covered = coveredPg();
      await using client = await testClient();
      const cursor = submit(client, new Cursor(sql));
      await expect(cursor.read(100)).rejects.toBeInstanceOf(Error);
      expect((await oneSpan(covered))[1]).toMatch(/^(?:22P02|22012)$/);
      expect(SUBMITTED.filter((name) => Object.hasOwn(cursor, name))).toEqual([]);
      expect((await client.query('SELECT 7 AS seven')).rows).toEqual([{ seven: 7 }]);
    }
  });

  it('when its client is ended, or its connection dies', async () => {
    await using other = await testClient();
    for (const end of [
      (client: pg.Client) => client.end(),
      (client: pg.Client) => other.query('SELECT pg_terminate_backend($1)', [Reflect.get(client, 'processID')]),
    ]) {
      await using client = await testClient();
      await using covered = coveredPg();
      const cursor = submit(client, new Cursor(ROWS));
      await cursor.read(10);
      await end(client);
      await expect
        .poll(() => covered.spans().filter(({ attributes }) => /generate_series/.test(String(attributes['db.query.text']))))
        .toHaveLength(1);
      const span = covered.spans().find(({ attributes }) => /generate_series/.test(String(attributes['db.query.text'])));
      expect(span?.attributes['error.type']).toMatch(/^(?:57P01|connection_terminated)$/);
    }
  });

  it('also on a client of a pool', async () => {
    await using covered = coveredPg();
    await using pool = testPool({ max: 1 });
    const client = await pool.connect();
    const cursor = submit(client, new Cursor(ROWS));
    await cursor.read(10);
    await cursor.close();
    client.release();
    expect(await oneSpan(covered)).toEqual([`SELECT ${database()}`, undefined]);
  });
});

describe('the span of a stream of rows ends', () => {
  it('with its last row, with what the host put on the stream still there', async () => {
    await using covered = coveredPg();
    await using client = await testClient();
    const stream = new RowStream(ROWS);
    const handlers = SUBMITTED.map((name) => Object.getOwnPropertyDescriptor(stream, name));
    expect(client.query(stream as RowStream & pg.Submittable)).toBe(stream);
    expect(await text(stream)).toContain('{"i":100}');
    expect(await oneSpan(covered)).toEqual([`SELECT ${database()}`, undefined]);
    expect(SUBMITTED.map((name) => Object.getOwnPropertyDescriptor(stream, name))).toEqual(handlers);
  });

  it('when it is destroyed half-way', async () => {
    await using covered = coveredPg();
    await using client = await testClient();
    const stream = client.query(new RowStream(ROWS) as RowStream & pg.Submittable);
    const rows = stream.iterator();
    await rows.next();
    await rows.return?.();
    expect(await oneSpan(covered)).toEqual([`SELECT ${database()}`, undefined]);
  });
});

it('a query that is never told its end is left alone', async () => {
  await using covered = coveredPg();
  await using client = await testClient();
  const query = { text: 'SELECT 1', submit: (): Error => new Error('refused'), handleError: (): void => undefined };
  client.query(query as unknown as pg.Submittable);
  await client.query('SELECT 2');
  expect(covered.spans().map(({ attributes }) => attributes['db.query.text'])).toEqual(['SELECT ?']);
  expect(Object.keys(query)).toEqual(['text', 'submit', 'handleError']);
});
