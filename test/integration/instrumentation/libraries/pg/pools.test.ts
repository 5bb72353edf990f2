import { trace } from '@opentelemetry/api';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../setup/freshDatabase.js';
import { freePort } from '../../../../setup/freePort.js';
import { Recording } from '../../../../unit/telemetry/recording.js';
import { coveredPg, database, testPool } from './coveredPg.js';
import type { CoveredPg } from './coveredPg.js';

/** State → connections, of one pool name. */
async function connections(covered: CoveredPg, name = database()): Promise<Record<string, number>> {
  const points = (await covered.points('db.client.connection.count')).filter(
    ({ attributes }) => attributes['db.client.connection.pool.name'] === name,
  );
  return Object.fromEntries(points.map(({ attributes, value }) => [String(attributes['db.client.connection.state']), value]));
}

async function figure(covered: CoveredPg, metric: string, name = database()): Promise<number | undefined> {
  return (await covered.points(metric)).find(({ attributes }) => attributes['db.client.connection.pool.name'] === name)?.value;
}

describe('several pools at once', () => {
  it('are counted as they are, added up by database', async () => {
    const elsewhere = await freshDatabase();
    await using _dropped = { [Symbol.asyncDispose]: elsewhere.drop };
    const otherName = new URL(elsewhere.url).pathname.slice(1);
    await using covered = coveredPg();
    await using one = testPool({ max: 3 });
    await using two = testPool({ max: 2 });
    await using other = testPool({ connectionString: elsewhere.url, max: 5 });
    const held = await Promise.all([one.connect(), one.connect(), two.connect(), two.connect(), other.connect()]);
    const waiting = [two.query('SELECT 1'), two.query('SELECT 2')];
    held[0]?.release();
    expect(await connections(covered)).toEqual({ used: 3, idle: 1 });
    expect(await connections(covered, otherName)).toEqual({ used: 1, idle: 0 });
    expect(await figure(covered, 'db.client.connection.pending_requests')).toBe(2);
    expect(await figure(covered, 'db.client.connection.pending_requests', otherName)).toBe(0);
    expect(await figure(covered, 'db.client.connection.limit')).toBe(5);
    expect(await figure(covered, 'db.client.connection.limit', otherName)).toBe(5);

    for (const client of held.slice(1)) client.release();
    await Promise.all(waiting);
    expect(await connections(covered)).toEqual({ used: 0, idle: 4 });
    expect(await figure(covered, 'db.client.connection.pending_requests')).toBe(0);
    await two.end();
    expect(await connections(covered)).toEqual({ used: 0, idle: 2 });
    expect(await figure(covered, 'db.client.connection.limit')).toBe(3);
    await one.end();
    expect(await connections(covered)).toEqual({ used: 0, idle: 0 });
    expect(await figure(covered, 'db.client.connection.limit')).toBe(0);
  });

  it('count when they were made before', async () => {
    await using pool = testPool({ max: 4 });
    const held = await pool.connect();
    await using covered = coveredPg();
    expect(await covered.points('db.client.connection.count')).toEqual([]);
    await pool.query('SELECT 1');
    expect(await connections(covered)).toEqual({ used: 1, idle: 1 });
    held.release();
    expect(await connections(covered)).toEqual({ used: 0, idle: 2 });
  });

  it('are not kept alive', async () => {
    await using covered = coveredPg();
    const { gc } = globalThis;
    const collect = gc ?? (await exposedGc());
    const reference = await usedAndForgotten();
    await expect
      .poll(
        async () => {
          await delay(5);
          void collect();
          return reference.deref() === undefined;
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    expect(await connections(covered)).toEqual({});
  });
});

/** A pool that was used while covered, and that nothing but us could still hold. */
async function usedAndForgotten(): Promise<WeakRef<object>> {
  const pool = testPool({ allowExitOnIdle: true });
  await pool.query('SELECT 1');
  await pool.end();
  return new WeakRef(pool);
}

async function exposedGc(): Promise<NonNullable<typeof globalThis.gc>> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as NonNullable<typeof globalThis.gc>;
}

describe('times of a pool', () => {
  it('say how long callers waited, what was kept, and what connecting took', async () => {
    await using covered = coveredPg();
    await using pool = testPool({ max: 1 });
    const held = await pool.connect();
    const waiting = [pool.query('SELECT 1'), pool.connect().then((client) => client.release())];
    await delay(60);
    held.release();
    await Promise.all(waiting);
    const wait = await covered.points('db.client.connection.wait_time');
    expect(wait).toMatchObject([{ attributes: { 'db.client.connection.pool.name': database() }, value: 3 }]);
    expect(wait[0]?.sum).toBeGreaterThan(0.1);
    const use = await covered.points('db.client.connection.use_time');
    expect(use).toMatchObject([{ attributes: { 'db.client.connection.pool.name': database() }, value: 3 }]);
    expect(use[0]?.sum).toBeGreaterThan(0.05);
    expect(await covered.points('db.client.connection.create_time')).toMatchObject([{ value: 1 }]);
    expect(await covered.points('db.client.connection.timeouts')).toEqual([]);
  });

  it('count a caller who waited in vain, and the query that came to nothing', async () => {
    await using covered = coveredPg();
    await using pool = testPool({ max: 1 });
    const held = await pool.connect();
    // Only from here on: on a busy machine connecting takes longer than this.
    pool.options.connectionTimeoutMillis = 40;
    await expect(pool.connect()).rejects.toThrow('timeout exceeded');
    await expect(pool.query("SELECT 'secret'")).rejects.toThrow('timeout exceeded');
    held.release();
    const failed = (await covered.points('db.client.connection.wait_time')).filter(({ attributes }) => 'error.type' in attributes);
    expect(failed).toMatchObject([{ attributes: { 'db.client.connection.pool.name': database(), 'error.type': 'timeout' }, value: 2 }]);
    expect(await figure(covered, 'db.client.connection.timeouts')).toBe(2);
    expect(covered.spans().map(({ attributes }) => [attributes['db.query.text'], attributes['error.type']])).toEqual([
      ['SELECT ?', 'timeout'],
    ]);
    const [span] = covered.spans();
    expect((span?.duration[0] ?? 0) * 1000 + (span?.duration[1] ?? 0) / 1e6).toBeGreaterThan(30);
  });

  it('say why there was no connection', async () => {
    await using covered = coveredPg();
    await using pool = testPool({ connectionString: `postgres://user:password@127.0.0.1:${await freePort()}/nowhere` });
    await expect(pool.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await pool.end();
    await expect(pool.query('SELECT 1')).rejects.toThrow('after calling end');
    expect((await covered.points('db.client.connection.wait_time')).map(({ attributes, value }) => [attributes, value])).toEqual([
      [{ 'db.client.connection.pool.name': 'nowhere', 'error.type': 'ECONNREFUSED' }, 1],
      [{ 'db.client.connection.pool.name': 'nowhere', 'error.type': 'pool_closed' }, 1],
    ]);
  });
});

it('a query that had to wait belongs to its own caller, not to the one that gave the connection back', async () => {
  await using covered = coveredPg();
  await using pool = testPool({ max: 1 });
  const { tracer } = covered.recording;
  const ask = async (name: string): Promise<readonly [asked: string, seen: string | undefined]> =>
    await tracer.startActiveSpan(name, async (span) => {
      const seen = await new Promise<string | undefined>((resolve, reject) => {
        pool.query(`SELECT '${name}' AS ${name}`, (error) =>
          error ? reject(error) : resolve(trace.getActiveSpan()?.spanContext().spanId),
        );
      });
      span.end();
      return [span.spanContext().spanId, seen] as const;
    });
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map(ask));
  for (const [asked, seen] of answers) expect(seen).toBe(asked);
  for (const name of ['a', 'b', 'c', 'd']) {
    const query = covered.spans().find(({ attributes }) => attributes['db.query.text'] === `SELECT ? AS ${name}`);
    expect(query?.parentSpanContext?.spanId).toBe(
      covered
        .spans()
        .find((span) => span.name === name)
        ?.spanContext().spanId,
    );
  }
});

it('nothing is left on pools afterwards, and covering again counts once', async () => {
  await using pool = testPool({ max: 2 });
  const before = () => ['connect', 'release'].map((event) => pool.listenerCount(event));
  const plain = before();
  {
    await using covered = coveredPg();
    await pool.query('SELECT 1');
    expect(before()).toEqual(plain.map((count) => count + 1));
    covered.undo();
    expect(before()).toEqual(plain);
    await pool.query('SELECT 2');
    expect(covered.spans()).toHaveLength(1);
    expect(await covered.points('db.client.connection.count')).toEqual([]);
  }
  await using again = coveredPg(new Recording());
  await pool.query('SELECT 3');
  expect(before()).toEqual(plain.map((count) => count + 1));
  expect(again.spans()).toHaveLength(1);
  expect(await figure(again, 'db.client.connection.wait_time')).toBe(1);
  expect(await connections(again)).toEqual({ used: 0, idle: 1 });
});

it('a pool that is used through proxies as well is one pool, and gets the listeners of one', async () => {
  await using covered = coveredPg();
  await using pool = testPool({ max: 3 });
  const bare = pool.listenerCount('release');
  const through = (): typeof pool => new Proxy(pool, { get: (target, name, receiver): unknown => Reflect.get(target, name, receiver) });
  await pool.query('SELECT 1');
  // As a host does that makes one for each request.
  for (let request = 0; request < 12; request++) await through().query('SELECT 1');
  const limits = await covered.points('db.client.connection.limit');
  expect(limits.map(({ value }) => value)).toEqual([3]);
  const counts = await covered.points('db.client.connection.count');
  expect(counts.map(({ attributes, value }) => [attributes['db.client.connection.state'], value])).toEqual([
    ['used', 0],
    ['idle', 1],
  ]);
  expect(pool.listenerCount('release')).toBe(bare + 1);
  covered.undo();
  expect(pool.listenerCount('release')).toBe(bare);
});
