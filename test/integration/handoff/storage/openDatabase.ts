import type { Database } from '../../../../src/handoff/storage/database.js';
import { createPostgresDatabase, type PostgresOptions } from '../../../../src/handoff/storage/postgres.js';
import { systemClock } from '../../../../src/time/clock.js';

export const systemDeps = { clock: systemClock, random: Math.random };

/** A database of ours with the machine's clock; lost connections are collected in `lost` when given. */
export function openDatabase(
  connectionString: string,
  options: Omit<PostgresOptions, 'connectionString'> = {},
  lost: Error[] = [],
): Promise<Database> {
  return createPostgresDatabase({ connectionString, ...options }, { ...systemDeps, onConnectionLost: (error) => void lost.push(error) });
}

/** Runs SQL of a test and gives the rows. */
export function sql<Row extends object>(database: Database, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return database.pool.query<Row>(text, [...values]).then(({ rows }) => rows);
}
