import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../../../errors/classify.js';
import type { ObjectStore } from '../../../archive/objects/objectStore.js';
import { healthy, unhealthy } from '../finding.js';
import type { Finding, HealthCheck } from '../finding.js';

/** No object has this name: archives begin with a year. */
const PROBED_KEY = 'health/probe';

const DENIED =
  'This process may not use the archive: grant it the right to read and write HANDOFF_ARCHIVE_DIR, or the objects of the bucket. Sessions that are to be archived wait until then.';
const MISSING = 'The bucket of the archive does not exist: create it, or correct HANDOFF_ARCHIVE_S3_BUCKET.';
const UNREACHABLE =
  'Check that the archive can be reached from here and that its address is right. Sessions that are to be archived wait until then.';
const SLOW = 'The archive answers late or not at all: look at the object store and at the network between it and this process.';

/** Looks whether the store of archived sessions can be read, and a folder written. */
export function archiveCheck(store: ObjectStore | undefined): HealthCheck {
  return {
    name: 'archive',
    isCritical: false,
    adviceWhenSlow: SLOW,
    run: async () => {
      if (store === undefined) return healthy({}, 'not_configured');
      try {
        await store.head(PROBED_KEY);
        if (store.kind === 'files') await requireWritable(store.location);
        return healthy();
      } catch (error) {
        return failure(error);
      }
    },
  };
}

/** The folder is made with the first object: until then the nearest one above it decides. */
async function requireWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const above = dirname(folder);
    if (errorCode(error) !== 'ENOENT' || above === folder) throw error;
    await requireWritable(above);
  }
}

function failure(error: unknown): Finding {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoSuchBucket') return unhealthy('missing', MISSING);
  const isDenied = ['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '') || statusOf(error) === 403 || statusOf(error) === 401;
  return isDenied ? unhealthy('access_denied', DENIED) : unhealthy('unreachable', UNREACHABLE);
}

/** Where the AWS SDK has the status of an answer. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata: metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return metadata?.httpStatusCode;
}
