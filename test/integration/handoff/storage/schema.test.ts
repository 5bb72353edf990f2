import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Queryable } from '../../../../src/handoff/storage/database.js';
import { dumpSchema } from './dumpSchema.js';
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import { createHistoryTable } from '../../../../src/handoff/storage/migrate/applyMigration.js';
import { readMigrations } from '../../../../src/handoff/storage/migrate/migrationFiles.js';
import { partLines, readSchemaParts } from '../../../../src/handoff/storage/migrate/schemaParts.js';
import { packagedMigrations } from '../../../../src/handoff/storage/migrate/packagedMigrations.js';
import { type FreshDatabase, freshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, systemDeps } from './openDatabase.js';

const expected = fileURLToPath(new URL('../../../../src/handoff/storage/migrate/expectedSchema.ts', import.meta.url));
const golden = fileURLToPath(new URL('schema.sql', packagedMigrations()));

async function expectedSchema(q: Queryable): Promise<string> {
  const lines = partLines(await readSchemaParts(q));
  return `/** What the migrations make, as far as statements rely on it: see schemaParts.ts. Written by \`npm run schema:update\`: do not edit. */
export const EXPECTED_SCHEMA = \`
${lines}\`;
`;
}

describe('migrations/schema.sql', () => {
  let fresh: FreshDatabase;
  beforeAll(async () => {
    fresh = await freshDatabase();
  });
  afterAll(() => fresh.drop());

  it('is what the migrations make (after a new migration: npm run schema:update)', async () => {
    const database = await openDatabase(fresh.url);
    await migrate(database, {}, systemDeps);
    await expect(await dumpSchema(database)).toMatchFileSnapshot(golden);
    await expect(await expectedSchema(database)).toMatchFileSnapshot(expected);
    await database.close();
  });

  it('is also what they make of the embedded database', async () => {
    const backend = await PGlite.create();
    await backend.exec(createHistoryTable);
    for (const { text, inTransaction } of await readMigrations(packagedMigrations()))
      await backend.exec(inTransaction ? `BEGIN;\n${text}\nCOMMIT;` : text);
    const q: Queryable = { query: async <Row extends object>({ text }: { text: string }) => (await backend.query<Row>(text)).rows };
    await expect(await dumpSchema(q)).toMatchFileSnapshot(golden);
    await expect(await expectedSchema(q)).toMatchFileSnapshot(expected);
    await backend.close();
  });
});
