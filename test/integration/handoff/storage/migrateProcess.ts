// One of many processes that migrate the same database at once: prints the names of the migrations it applied, as JSON.
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import { openDatabase, systemDeps } from './openDatabase.js';

const [url = '', kind] = process.argv.slice(2);
const database = await openDatabase(url, { poolSize: 2, kind: kind === 'embedded' ? 'embedded' : 'postgres' });
const { applied } = await migrate(database, {}, systemDeps);
await database.close();
process.stdout.write(JSON.stringify(applied));
