import { errorCode } from '../../errors/classify.js';
import { errorType } from '../../telemetry/errorType.js';
import type { Database, Queryable, Statement } from './database.js';

/**
 * Called for every statement that has ended; must not throw. `name` is that of the statement, whose text has no values in it. `error` is
 * what a statement that failed threw, and `isExpected` whether its caller goes on without it.
 */
export type OnStatement = (name: string, durationMs: number, errorType: string | undefined, error?: unknown, isExpected?: boolean) => void;

/** Times every statement of ours, those in transactions included. The time includes the wait for a connection where there is one. */
export function meteredDatabase(database: Database, nowMs: () => number, onStatement: OnStatement): Database {
  const metered = (queryable: Queryable): Queryable => ({
    query: async <Row extends object>(statement: Statement, values?: readonly unknown[]) => {
      const startMs = nowMs();
      try {
        const rows = await queryable.query<Row>(statement, values);
        onStatement(statement.name, nowMs() - startMs, undefined);
        return rows;
      } catch (error) {
        onStatement(statement.name, nowMs() - startMs, errorType(error), error, isExpected(statement, error));
        throw error;
      }
    },
  });
  return {
    kind: database.kind,
    // When somebody asks for it: a database without a pool says so then.
    get pool() {
      return database.pool;
    },
    ...metered(database),
    transaction: (fn) => database.transaction((inner) => fn(metered(inner))),
    close: () => database.close(),
  };
}

function isExpected({ expectedFailures = [] }: Statement, error: unknown): boolean {
  return expectedFailures === 'any' || expectedFailures.includes(errorCode(error) ?? '');
}
