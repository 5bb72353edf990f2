// An archiver that stops at a point of its work and waits there to be killed: archives, or restores, the session that it is given.
import { createFileStore } from '../../src/handoff/archive/objects/fileStore.js';
import type { ObjectStore } from '../../src/handoff/archive/objects/objectStore.js';
import { createHandoffServices } from '../../src/handoff/services.js';
import type { Database, Queryable } from '../../src/handoff/storage/database.js';
import { createMemoryCache } from '../../src/handoff/storage/memoryCache.js';
import { systemClock } from '../../src/time/clock.js';
import { openDatabase } from '../integration/handoff/storage/openDatabase.js';

const [url = '', folder = '', task = '', sessionId = '', point = ''] = process.argv.slice(2);
const MINUTE_MS = 60_000;

async function stopAt(reached: string): Promise<void> {
  if (reached !== point) return;
  process.stdout.write('stopped\n');
  await systemClock.sleep(MINUTE_MS);
}

function stopping(database: Database): Database {
  const wrap = (inner: Queryable): Queryable => ({
    query: async (statement, values) => {
      await stopAt(`before ${statement.name}`);
      const rows = await inner.query(statement, values);
      await stopAt(`after ${statement.name}`);
      return rows as never;
    },
  });
  return {
    ...database,
    ...wrap(database),
    transaction: async (fn) => {
      const result = await database.transaction((inner) => fn(wrap(inner)));
      await stopAt('after COMMIT');
      return result;
    },
  };
}

const files = createFileStore(folder);
const store: ObjectStore = {
  ...files,
  put: async (key, body) => {
    // Half of it under the name that the store itself writes to first.
    if (point === 'in put') await files.put(`${key}.partial`, body.subarray(0, body.length / 2));
    await stopAt('in put');
    await files.put(key, body);
    await stopAt('after put');
  },
  get: async (key) => {
    const body = await files.get(key);
    await stopAt('after get');
    return body;
  },
};

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const database = await openDatabase(url, { poolSize: 2 });
const cache = await createMemoryCache({}, { clock: systemClock });
const { archive } = createHandoffServices({ database: stopping(database), cache, archive: store, log });
await (task === 'archive' ? archive.archive(sessionId) : archive.restore(sessionId));
await database.close();
process.stdout.write('ended\n');
