import type pg from 'pg';
import { secretNumberOf } from '../secret.js';
import { attempt, put } from './host.js';
import type { Libraries } from './host.js';

type Layout = (secret: string) => string;

/** Statements that give their secret back, or an error that quotes it. */
const TEXTS: Readonly<Record<string, Layout>> = {
  quotes: (s) => `SELECT '${s}' AS v`,
  'doubled quotes': (s) => `SELECT 'it''s ${s}' AS v`,
  'escape string': (s) => String.raw`SELECT E'it\'s ${s} \\' AS v`,
  'string that ends in a backslash': (s) => String.raw`SELECT 'a\' || '${s}' AS v`,
  'dollar quotes': (s) => `SELECT $$${s}$$ AS v`,
  'tagged dollar quotes': (s) => `SELECT $tag$ it's $$ ${s} $tag$ AS v`,
  'unicode string': (s) => `SELECT U&'${s}' AS v`,
  'national string': (s) => `SELECT N'${s}' AS v`,
  'adjacent strings': (s) => `SELECT 'a'\n'${s}' AS v`,
  'typed string': (s) => `SELECT varchar '${s}' AS v`,
  'cast string': (s) => `SELECT '${s}'::text AS v`,
  'no blank before': (s) => `SELECT'${s}'AS v`,
  'lower case and tabs': (s) => `select\t'${s}'\tas v`,
  newlines: (s) => `\n\nSELECT\n  '${s}' AS v\n`,
  'newline after the verb': (s) => `SELECT\n'${s}' AS v`,
  'carriage returns': (s) => `SELECT\r\n'${s}'\r\nAS v`,
  'in parentheses': (s) => `(SELECT '${s}' AS v)`,
  'after a semicolon': (s) => `; SELECT '${s}' AS v`,
  'second of two statements': (s) => `SELECT 1; SELECT '${s}' AS v`,
  'IN list': (s) => `SELECT v FROM (VALUES ('${s}'), ('b')) AS t(v) WHERE v IN ('a','b','${s}')`,
  'common table expression': (s) => `WITH w AS (SELECT '${s}' AS v) SELECT v FROM w`,
  array: (s) => `SELECT ARRAY['a', '${s}'] AS v`,
  JSON: (s) => `SELECT '{"a":"${s}"}'::jsonb AS v`,
  LIKE: (s) => `SELECT v FROM (SELECT '${s}' AS v) t WHERE v LIKE '%${s}%'`,
  EXPLAIN: (s) => `EXPLAIN VERBOSE SELECT '${s}' AS v`,
  'DO block': (s) => `DO $x$ BEGIN RAISE EXCEPTION '${s}'; END $x$`,
  'after 9000 characters': (s) => `SELECT '${'x'.repeat(9000)}' AS a, '${s}' AS v`,
  'across the 8192nd character': (s) => `SELECT ${' '.repeat(8192 - 17)}'${s}' AS v`,
  'across the 2048th character': (s) => `SELECT ${'1 + '.repeat(510)}'${s}'::int AS v`,
  setting: (s) => `SELECT set_config('handoff.canary', '${s}', false) AS v`,
};

/** SQL that PostgreSQL refuses; its message need not quote the text, so the text itself is the evidence. */
const REFUSED: Readonly<Record<string, Layout>> = {
  'line comment': (s) => `SELECT 1 -- ${s}`,
  'leading comment': (s) => `/* ${s} */ SELECT 1`,
  'leading line comment': (s) => `-- ${s}\nSELECT 1`,
  'nested comment': (s) => `SELECT /* a /* b */ ${s} */ 1`,
  'comment between verb and rest': (s) => `SELECT/*${s}*/1`,
  'open comment': (s) => `SELECT 1 /* ${s}`,
  'open string': (s) => `SELECT '${s}`,
  'open string with quotes': (s) => `SELECT 'a'' ${s}`,
  'open dollar quote': (s) => `SELECT $a$ ${s} $b$`,
  'open identifier': (s) => `SELC "${s}`,
  'misspelt verb': (s) => `SELEC '${s}'`,
  'first word': (s) => `${s} FROM t`,
  'first word before a bracket': (s) => `${s}(1)`,
  'verb glued to text': (s) => `SELECT${s} 1`,
  'no SQL at all': (s) => `my password is ${s}`,
  'JSON instead of SQL': (s) => `{"select":"${s}"}`,
  'bytes string': (s) => `SELECT X'${s}'`,
  'bit string': (s) => `SELECT B'${s}'`,
  'number with letters': (s) => `SELECT 1${s}`,
  'null character': (s) => `SELECT '\0${s}'`,
};

export async function putIntoSql({ pg: { Pool, Client }, Cursor }: Libraries, url: string): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 3 });
  const rows = async (text: string, values: readonly unknown[] = []): Promise<unknown> => {
    const result = (await pool.query(text, [...values])) as pg.QueryResult | pg.QueryResult[];
    return [result].flat().map((each) => each.rows as unknown);
  };
  for (const [layout, textOf] of Object.entries(TEXTS)) await put(`SQL, ${layout}`, (secret) => rowsSimply(pool, textOf(secret)));
  for (const [layout, textOf] of Object.entries(REFUSED)) {
    await put(`refused SQL, ${layout}`, async (secret) => ({
      text: textOf(secret),
      answer: await attempt(() => rowsSimply(pool, textOf(secret))),
    }));
  }
  for (const [what, text] of Object.entries({
    integer: 'SELECT $ AS v',
    negative: 'SELECT -$ AS v',
    'in a list': 'SELECT v FROM (VALUES ($)) t(v) WHERE v IN (1,$,3)',
    fraction: 'SELECT $.5 AS v',
    LIMIT: 'SELECT 1 AS v LIMIT $ OFFSET $',
  })) {
    const place = `SQL number, ${what}`;
    const secret = secretNumberOf(place);
    await put(place, async () => ({ text: text.replaceAll('$', secret), answer: await rows(text.replaceAll('$', secret)) }), secret);
  }
  await put('SQL parameter', (secret) => rows('SELECT $1::text AS v', [secret]));
  await put('SQL parameter of the wrong type', (secret) => rows('SELECT $1::int AS v', [secret]));
  await put('SQL parameter in an array', (secret) => rows('SELECT $1::text[] AS v', [[secret]]));
  await putIntoConnections(url, Client);
  const client = await pool.connect();
  await putIntoRows(client);
  await putIntoClient(client, Cursor);
  client.release();
  await pool.end();
}

/** Without parameters it is a simple query, which alone may hold several statements. */
async function rowsSimply(pool: pg.Pool, text: string): Promise<unknown> {
  const result = (await pool.query(text)) as pg.QueryResult | pg.QueryResult[];
  return [result].flat().map((each) => each.rows as unknown);
}

async function putIntoRows(client: pg.PoolClient): Promise<void> {
  await client.query('CREATE TEMP TABLE canary_rows (v text PRIMARY KEY CHECK (length(v) < 30), note text)');
  await put(
    'row inserted',
    async (secret) => (await client.query(`INSERT INTO canary_rows VALUES ('${secret}') RETURNING v`)).rows as unknown,
  );
  await put('duplicate key', async (secret) => {
    await client.query(`INSERT INTO canary_rows VALUES ('${secret}')`);
    return await attempt(() => client.query('INSERT INTO canary_rows VALUES ($1)', [secret]));
  });
  await put('detail of a failed check', (secret) => client.query(`INSERT INTO canary_rows VALUES ('${secret}${'x'.repeat(40)}')`));
  await put('hint, detail and message of an exception', (secret) =>
    client.query(
      `DO $d$ BEGIN RAISE EXCEPTION '${secret} m' USING DETAIL = '${secret} d', HINT = '${secret} h', ERRCODE = '22023'; END $d$`,
    ),
  );
  await client.query('SET standard_conforming_strings = off');
  await put(
    'string with a backslash before its quote, where those escape',
    async (secret) => (await client.query(`SELECT 'a\\' ${secret}' AS v`)).rows as unknown,
  );
  await client.query('RESET standard_conforming_strings');
  await put('kept: identifier', (secret) => client.query(`SELECT "${secret}", ${secret}`));
  await put('name of a table that does not exist, in a value', (secret) => client.query(`SELECT '"${secret}"'::regclass`));
}

async function putIntoClient(client: pg.PoolClient, Cursor: Libraries['Cursor']): Promise<void> {
  const notices: unknown[] = [];
  client.on('notice', (notice) => notices.push(notice));
  client.on('notification', (notification) => notices.push(notification));
  await put('notice', async (secret) => {
    await client.query(`DO $n$ BEGIN RAISE NOTICE '${secret}'; END $n$`);
    return notices;
  });
  await put('payload of NOTIFY', async (secret) => {
    await client.query('LISTEN canary_channel');
    await client.query(`NOTIFY canary_channel, '${secret}'`);
    await client.query('SELECT 1');
    return notices;
  });
  await put('name of a prepared statement', async (secret) => [
    secret,
    (await client.query({ name: secret, text: 'SELECT name FROM pg_prepared_statements' })).rows as unknown,
  ]);
  await put('COPY', async (secret) => ({ secret, answer: await attempt(() => client.query(`COPY (SELECT '${secret}') TO STDOUT`)) }));
  await put('cursor', (secret) => client.query(new Cursor(`SELECT '${secret}' AS v`)).read(10));
  await put('cursor that fails', (secret) => client.query(new Cursor(`SELECT '${secret}'::int AS v`)).read(10));
  await put('parameter of a cursor', (secret) => client.query(new Cursor('SELECT $1::text AS v', [secret])).read(10));
  await put(
    'callback',
    (secret) =>
      new Promise((resolve) => {
        client.query(`SELECT '${secret}'::int`, (error: unknown) => {
          resolve(error);
        });
      }),
  );
}

async function putIntoConnections(url: string, Client: typeof pg.Client): Promise<void> {
  const connecting = async (change: (url: URL, secret: string) => void, secret: string, text: string): Promise<unknown> => {
    const changed = new URL(url);
    change(changed, secret);
    const client = new Client({ connectionString: changed.href });
    client.on('error', () => undefined);
    const failure = await attempt(() => client.connect());
    const answer = failure === undefined ? await attempt(async () => (await client.query(text)).rows as unknown) : failure;
    await attempt(() => client.end());
    return { answer, given: changed.href };
  };
  await put('password in a connection string', (secret) =>
    connecting(
      (to) => {
        to.password = secret;
      },
      secret,
      'SELECT 1',
    ),
  );
  await put('application_name in a connection string', (secret) =>
    connecting(
      (to) => {
        to.searchParams.set('application_name', secret);
      },
      secret,
      'SHOW application_name',
    ),
  );
  await put('user that does not exist', (secret) =>
    connecting(
      (to) => {
        to.username = secret;
      },
      secret,
      'SELECT 1',
    ),
  );
  await put('password for a server that is not there', (secret) =>
    connecting(
      (to) => {
        to.password = secret;
        to.port = '1';
      },
      secret,
      'SELECT 1',
    ),
  );
}
