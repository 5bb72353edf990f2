import type { Pool } from 'pg';

/**
 * How many statements can be sent without waiting for a connection; less than 0 if some wait already. NaN for a pool of a host that does
 * not tell.
 */
export function freeConnections({ options, totalCount, idleCount, waitingCount }: Pool): number {
  return options.max - totalCount + idleCount - waitingCount;
}
