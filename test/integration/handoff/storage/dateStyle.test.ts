import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, sql } from './openDatabase.js';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

// pg makes null of what it cannot read, and 4 March of 3 April.
it.each(['German', 'SQL, DMY', 'Postgres, MDY'])('reads the times of a database whose dates are written in the style %s', async (style) => {
  const admin = await openDatabase(fresh.url, { poolSize: 1 });
  await sql(admin, `ALTER DATABASE ${new URL(fresh.url).pathname.slice(1)} SET datestyle = '${style}'`);
  await admin.close();
  const database = await openDatabase(fresh.url, { poolSize: 1 });
  try {
    const at = new Date('2026-04-03T21:07:08.123Z');
    const [row] = await database.query({ name: 'date_style', text: 'SELECT $1::timestamptz AS at' }, [at]);
    expect(row).toEqual({ at });
  } finally {
    await database.close();
  }
});
