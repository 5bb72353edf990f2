import { join } from 'node:path';
import { createFileStore } from '../archive/objects/fileStore.js';
import type { ObjectStore } from '../archive/objects/objectStore.js';
import { lazyS3Store } from '../archive/objects/lazyS3Store.js';
import type { HandoffConfig } from '../config/resolve.js';
import { textOf } from '../../variables/reader.js';

export interface OpenedArchive {
  readonly store: ObjectStore;
  close(): void;
}

/**
 * Opens the object store that the settings select. With PostgreSQL and no setting there is none: a folder of one machine would be lost with
 * it, and unknown to the other servers of the database.
 */
export function openArchive(settings: HandoffConfig['settings'], env: NodeJS.ProcessEnv = process.env): OpenedArchive | undefined {
  const bucket = settings.HANDOFF_ARCHIVE_S3_BUCKET;
  if (bucket !== undefined) {
    const store = lazyS3Store({
      bucket,
      prefix: settings.HANDOFF_ARCHIVE_S3_PREFIX,
      endpoint: settings.HANDOFF_ARCHIVE_S3_ENDPOINT,
      region: settings.HANDOFF_ARCHIVE_S3_REGION ?? textOf(env, 'AWS_REGION'),
      forcePathStyle: settings.HANDOFF_ARCHIVE_S3_FORCE_PATH_STYLE,
      timeoutMs: settings.HANDOFF_ARCHIVE_S3_TIMEOUT_MS,
    });
    return { store, close: () => store.close() };
  }
  const folder =
    settings.HANDOFF_ARCHIVE_DIR ?? (settings.DATABASE_URL === undefined ? join(settings.HANDOFF_DATA_DIR, 'archive') : undefined);
  return folder === undefined ? undefined : { store: createFileStore(folder), close: () => undefined };
}
