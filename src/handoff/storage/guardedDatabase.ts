import { CircuitOpenError } from '../../errors/circuitOpenError.js';
import { DatabaseUnavailableError } from '../../errors/databaseErrors.js';
import { EmbeddedUnavailableError } from '../../errors/embeddedErrors.js';
import type { Database } from './database.js';
import type { MakeGuard } from './guard.js';
import { isWritable } from './isWritable.js';
import { onlyReads } from './onlyReads.js';

/**
 * Wraps a database so that its statements and transactions run under a guard. What asks about the health of the database uses the
 * database that was given: it must learn the truth while the guard lets nothing through.
 */
export function guardedDatabase(database: Database, makeGuard: MakeGuard): Database {
  const guard = makeGuard(() => isWritable(database));
  return {
    kind: database.kind,
    get pool() {
      return database.pool;
    },
    query: async <Row extends object>(...asked: Parameters<Database['query']>) => {
      const send = (): Promise<Row[]> => database.query<Row>(...asked);
      try {
        return await (onlyReads(asked[0]) ? guard.read(send) : guard.run(send));
      } catch (error) {
        throw asUnavailable(error);
      }
    },
    transaction: async (fn) => {
      try {
        return await guard.run(() => database.transaction(fn));
      } catch (error) {
        throw asUnavailable(error);
      }
    },
    close: () => database.close(),
  };
}

/** Callers know one error for a database that cannot be had. That of the embedded database says what its user can do. */
function asUnavailable(error: unknown): unknown {
  if (!(error instanceof CircuitOpenError)) return error;
  const before = error.cause instanceof Error ? error.cause.cause : undefined;
  const cause = before instanceof EmbeddedUnavailableError ? before : error;
  return new DatabaseUnavailableError(error.message, { reasonCode: 'circuit_open', attempts: 0, waitedMs: 0 }, { cause });
}
