import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedDatabase } from '../../../../../src/handoff/storage/embedded/openEmbeddedDatabase.js';
import { createScratch } from './scratch.js';

// One backend serves all connections. What must stay apart between them, and what must not stop the others.

const scratch = createScratch();
/** For the start of a new owner, and for 64 at once, on a busy machine; and the bounds of a client that falls silent, where it does not. */
const patient = { waitMs: 150_000, idleInTransactionTimeoutMs: 150_000 };
let database: EmbeddedDatabase;
let dataDir: string;

beforeAll(async () => {
  dataDir = await scratch.folder();
  database = await scratch.open(dataDir, { ...patient, poolSize: 64 });
});
afterAll(() => scratch.cleanUp());

async function withClient<T>(work: (client: PoolClient) => Promise<T>, of = database): Promise<T> {
  const client = await of.pool.connect();
  client.on('error', () => undefined);
  try {
    return await work(client);
  } finally {
    client.release(true);
  }
}

const text = (sql: string): { name: string; text: string } => ({ name: 'test', text: sql });

describe('clients of the embedded database', { timeout: 180_000 }, () => {
  it('never get another one’s parameters or rows, 64 at once, short ones between ones longer than a packet', async () => {
    const answers = await Promise.all(
      Array.from({ length: 256 }, async (_, index) => {
        if (index % 2 === 0)
          return (await database.query<{ a: number; b: number }>(text('SELECT $1::int AS a, $2::int AS b'), [index, index + 1000]))[0];
        const long = `${index}:`.padEnd(300_000, 'x');
        return (await database.query<{ a: string }>(text('SELECT $1::text AS a'), [long]))[0]?.a === long;
      }),
    );
    expect(answers).toEqual(answers.map((_, index) => (index % 2 === 0 ? { a: index, b: index + 1000 } : true)));
  });

  it('send and get back a value of 1 MB unharmed', async () => {
    const content = 'ü'.repeat(512 * 1024);
    const [row] = await database.query<{ content: string }>(text('SELECT $1::text AS content'), [content]);
    expect(row?.content === content).toBe(true);
  });

  it('keep their transactions to themselves: nobody’s statement runs inside another one’s', async () => {
    await database.query(text('CREATE TABLE counter AS SELECT 0 AS value'));
    await Promise.all(
      Array.from({ length: 40 }, () =>
        database.transaction(async (q) => {
          const [row] = await q.query<{ value: number }>(text('SELECT value FROM counter'));
          await q.query(text('UPDATE counter SET value = $1'), [(row?.value ?? 0) + 1]);
        }),
      ),
    );
    expect(await database.query(text('SELECT value FROM counter'))).toEqual([{ value: 40 }]);
  });

  it('recover from a failed statement, alone and in a transaction', async () => {
    await expect(database.query(text('SELECT 1 / $1::int'), [0])).rejects.toMatchObject({ code: '22012' });
    const failing = database.transaction(async (q) => {
      await q.query(text('INSERT INTO notes VALUES ($1, $2)'), ['doomed', 1]);
      await q.query(text('SELECT * FROM no_such_table'));
    });
    await expect(failing).rejects.toMatchObject({ code: '42P01' });
    expect(await database.query(text("SELECT * FROM notes WHERE writer = 'doomed'"))).toEqual([]);
  });

  it('may use the same prepared-statement name for different statements', async () => {
    const both = await withClient((one) =>
      withClient(async (two) => {
        const first = await one.query({ name: 'same', text: 'SELECT 1 AS n' });
        const second = await two.query({ name: 'same', text: 'SELECT 2 AS n' });
        const again = await one.query({ name: 'same', text: 'SELECT 1 AS n' });
        return [first, second, again].map(({ rows }) => rows);
      }),
    );
    expect(both).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 1 }]]);
    const left = await database.query(text('SELECT name FROM pg_prepared_statements'));
    expect(left).toEqual([]);
  });

  it('that vanish in the middle of a transaction are rolled back and stop nobody', async () => {
    await withClient(async (client) => {
      await client.query("BEGIN; INSERT INTO notes VALUES ('vanished', 1)");
      const slow = client.query('SELECT count(*) FROM generate_series(1, 300000)').catch(() => undefined);
      const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
      stream.destroy();
      await slow;
    });
    expect(await database.query(text("SELECT * FROM notes WHERE writer = 'vanished'"))).toEqual([]);
  });

  it('that fall silent in a transaction are rolled back after the bound and told so', async () => {
    const idleInTransactionTimeoutMs = 400;
    const impatient = await scratch.open(await scratch.folder(), { ...patient, poolSize: 2, idleInTransactionTimeoutMs });
    const startMs = performance.now();
    await withClient(async (silent) => {
      await silent.query("BEGIN; INSERT INTO notes VALUES ('silent', 1)");
      expect(await impatient.query(text("SELECT * FROM notes WHERE writer = 'silent'"))).toEqual([]);
      await expect(silent.query('COMMIT')).rejects.toThrow();
    }, impatient);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(idleInTransactionTimeoutMs);
  });

  it('are told at once that COPY FROM STDIN is not supported, and continue', async () => {
    await withClient(async (client) => {
      await expect(client.query('COPY notes FROM STDIN')).rejects.toMatchObject({ code: '0A000' });
      expect((await client.query('SELECT 1 AS still')).rows).toEqual([{ still: 1 }]);
    });
  });

  it('can be two servers of one process: one owns, one joins, and the second takes over', async () => {
    const second = await scratch.open(dataDir, { ...patient, poolSize: 2 });
    expect([database.role(), second.role()]).toEqual(['owner', 'joined']);
    await second.query(text("INSERT INTO notes VALUES ('second', 1)"));
    await database.close();
    expect(await second.query(text("SELECT number FROM notes WHERE writer = 'second'"))).toEqual([{ number: 1 }]);
    expect(second.role()).toBe('owner');
  });
});
