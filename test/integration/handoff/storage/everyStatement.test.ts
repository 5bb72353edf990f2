import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import { isMapping } from '../../../../src/values/guards.js';
import { freshDatabase } from '../../../setup/freshDatabase.js';
import type { FreshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, systemDeps } from './openDatabase.js';

// A statement that PostgreSQL cannot even parse fails on the day it is needed, which may be the day on which something else has failed.
// Here it parses every statement of ours, as the driver sends it: with parameters whose types it has to find out itself.

const root = join(import.meta.dirname, '../../../..');

/** Commands, which have no parameters and cannot be prepared; and what needs an extension, which has a test of its own. */
const NOT_HERE = /^\s*(?:LOCK|SET)\b|pg_stat_statements/u;

interface Found {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

async function statements(): Promise<Found[]> {
  const found: Found[] = [];
  for (const file of globSync('src/handoff/**/*.ts', { cwd: root }).filter((path) => /\/sql\/|Sql\.ts$/u.test(path))) {
    const exported = (await import(pathToFileURL(join(root, file)).href)) as Readonly<Record<string, unknown>>;
    for (const value of Object.values(exported))
      if (isMapping(value) && typeof value['name'] === 'string' && typeof value['text'] === 'string' && !NOT_HERE.test(value['text']))
        found.push({ file, name: value['name'], text: value['text'] });
  }
  return found;
}

let fresh: FreshDatabase;
let client: pg.Client;
beforeAll(async () => {
  fresh = await freshDatabase();
  const database = await openDatabase(fresh.url, { poolSize: 1 });
  await migrate(database, {}, systemDeps);
  await database.close();
  client = new pg.Client({ connectionString: fresh.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await fresh.drop();
});

it('can be parsed', async () => {
  const all = await statements();
  expect(all.length).toBeGreaterThan(100);
  const refused: string[] = [];
  for (const [index, { file, name, text }] of all.entries())
    await client
      .query(`PREPARE s${String(index)} AS ${text}`)
      .catch((error: unknown) => refused.push(`${name} (${file}): ${String(error)}`));
  expect(refused).toEqual([]);
});
