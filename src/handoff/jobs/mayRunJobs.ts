import { isFunction } from '../../values/guards.js';
import type { Database } from '../storage/database.js';

/**
 * Whether this process may run jobs on a database. Any replica on PostgreSQL may. On the embedded one, where advisory locks do
 * not separate connections, only the process that holds it: the others come and go with their clients.
 */
export function mayRunJobs(database: Database): boolean {
  return database.kind !== 'embedded' || ('role' in database && isFunction(database.role) && database.role() === 'owner');
}
