import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../../logging/suppression.js';
import type { RetentionDependencies } from './dependencies.js';
import { recordStorage } from './recordStorage.js';
import { MEASURED_TABLES, readArchiveSize, readDatabaseSize, readRelations } from './sql/storage.js';
import type { RelationRow } from './sql/storage.js';
import { sizesOfParts } from './storageParts.js';

const LOOK_MS = 1_800_000;

/**
 * Measures the storage for its gauges, at once and then every half hour, until the signal is aborted. Never rejects.
 *
 * The storage report measures it too, but once a day and in the process in which the job happens to run: that one would go on telling
 * the size of yesterday, and all others none. Every process looks, by statements that read catalogues and the descriptions of archives.
 */
export async function watchStorage(deps: WatchDependencies, signal: AbortSignal): Promise<void> {
  const untraced = suppressTracing(ROOT_CONTEXT);
  while (!signal.aborted) {
    // A database that is away has alerts of its own; the next look may find it.
    await context.with(untraced, () => measure(deps)).catch(() => undefined);
    await deps.clock.sleep(LOOK_MS, { signal, unref: true }).catch(() => undefined);
  }
}

type WatchDependencies = Pick<RetentionDependencies, 'database' | 'clock' | 'record' | 'storageLimitBytes'>;

async function measure(deps: WatchDependencies): Promise<void> {
  const { database } = deps;
  const [size] = await database.query<{ readonly bytes: number }>(readDatabaseSize);
  const relations = await database.query<RelationRow>(readRelations, [[...MEASURED_TABLES]]);
  const [archive] = await database.query<{ readonly bytes: number }>(readArchiveSize);
  recordStorage(deps, sizesOfParts(relations, size?.bytes ?? 0, archive?.bytes ?? 0));
}
