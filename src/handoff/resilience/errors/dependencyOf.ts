import { ArchiveStoreError } from '../../../errors/archiveErrors.js';
import { CircuitOpenError } from '../../../errors/circuitOpenError.js';
import { errorCode } from '../../../errors/classify.js';
import { DatabaseInterruptedError, DatabaseUnavailableError } from '../../../errors/databaseErrors.js';
import { EmbeddedOpenError, EmbeddedUnavailableError } from '../../../errors/embeddedErrors.js';
import { dependencies } from '../../../telemetry/catalogue/resilience.js';
import type { Dependency } from '../breakerReports.js';

const DATABASE = [DatabaseUnavailableError, DatabaseInterruptedError, EmbeddedUnavailableError, EmbeddedOpenError] as const;
/** Classes of SQLSTATE that are about the server and not about a statement. */
const SERVER_STATE = /^(?:08|53|57P|58|XX)[0-9A-Z]{2,3}$/;
const OF_REDIS: ReadonlySet<string> = new Set(['ReplyError', 'MaxRetriesPerRequestError', 'ClusterAllFailedError', 'InterruptError']);

/** Returns what an error says has failed; `undefined` when it says nothing of the kind. */
export function dependencyOf(error: unknown): Dependency | undefined {
  if (error instanceof CircuitOpenError) return dependencies.find((name) => name === error.data.dependency);
  if (error instanceof ArchiveStoreError) return 'archive';
  if (DATABASE.some((Class) => error instanceof Class)) return 'database';
  if (typeof error !== 'object' || error === null) return undefined;
  const named = 'dependency' in error ? dependencies.find((name) => name === error.dependency) : undefined;
  if (named !== undefined) return named;
  if (error instanceof Error && (OF_REDIS.has(error.name) || error.message === 'Command timed out')) return 'cache';
  return SERVER_STATE.test(errorCode(error) ?? '') ? 'database' : undefined;
}
