import type { FaultRow } from '../row.js';
import { clockRows } from './clock.js';
import { collectorRows } from './collector.js';
import { embeddedRows } from './embedded.js';
import { failoverRows } from './failover.js';
import { postgresRows } from './postgres.js';
import { postgresDiskRow } from './postgresDisk.js';
import { postgresNetworkRows } from './postgresNetwork.js';
import { redisRows } from './redis.js';

/** Every row of the table, in its order. */
export const allRows: readonly FaultRow[] = [
  ...postgresRows,
  ...postgresNetworkRows,
  postgresDiskRow,
  ...failoverRows,
  ...redisRows,
  ...embeddedRows,
  ...collectorRows,
  ...clockRows,
];
