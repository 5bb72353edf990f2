import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { archiveCheck as healthOfArchive } from '../../../monitoring/health/checks/archive.js';
import type { ObjectStore } from '../../../archive/objects/objectStore.js';
import { openArchive } from '../../openArchive.js';
import type { Check } from '../examination/check.js';
import { failure, fine, skipped } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';

export const archiveReadCheck: Check = {
  name: 'archive.reach',
  group: 'archive',
  looksWhether: 'the folder or bucket of archived sessions exists, can be reached and may be read',
  limitMs: 20_000,
  needs: ['HANDOFF_ARCHIVE_DIR', 'HANDOFF_ARCHIVE_S3_BUCKET', 'HANDOFF_DATA_DIR'],
  run: async ({ settings, env }) => {
    const archive = openArchive(settings, env);
    if (archive === undefined) return [fine('No archive is configured; archived sessions stay in the database.')];
    try {
      const { status, advice = '', reason } = await healthOfArchive(archive.store).run();
      return [
        status === 'healthy'
          ? fine(`The archive can be read (${archive.store.location}).`)
          : failure(`The archive cannot be used (${reason ?? status}).`, advice),
      ];
    } finally {
      archive.close();
    }
  },
};

/** Begins as no archive does, which are under years. */
const probeKey = (): string => `doctor-${randomUUID()}`;

export const archiveProbeCheck: Check = {
  name: 'archive.probe',
  group: 'archive',
  looksWhether: 'an object can be put into the archive, read back and removed; only with `--probe-archive`',
  limitMs: 60_000,
  needs: ['HANDOFF_ARCHIVE_DIR', 'HANDOFF_ARCHIVE_S3_BUCKET', 'HANDOFF_DATA_DIR'],
  run: async ({ settings, env, options }) => {
    const archive = openArchive(settings, env);
    if (archive === undefined) return [];
    try {
      if (!options.probeArchive) return [skipped('Nothing was written; --probe-archive puts an object, reads it and removes it.')];
      return [await probe(archive.store)];
    } finally {
      archive.close();
    }
  },
};

async function probe(store: ObjectStore): Promise<Finding> {
  const key = probeKey();
  const body = Buffer.from(key);
  const wasThere = store.kind !== 'files' || existsSync(store.location);
  let step = 'put';
  try {
    await store.put(key, body);
    step = 'get';
    const found = await store.get(key);
    if (found === undefined || !body.equals(found)) throw new Error('what was read is not what was put');
    step = 'delete';
    await store.delete(key);
    return fine('An object was put into the archive, read back and removed.');
  } catch (error) {
    await store.delete(key).catch(() => undefined);
    return failure(
      `The archive failed at ${step} (${error instanceof Error ? error.name : 'unknown'}).`,
      store.kind === 's3'
        ? 'Allow s3:GetObject, s3:PutObject and s3:DeleteObject on the objects of the bucket.'
        : 'Let this user read and write HANDOFF_ARCHIVE_DIR, and look whether its disk is full.',
    );
  } finally {
    // The folder is made with the first object; one that was not there is not to stay.
    if (!wasThere) await rmdir(store.location).catch(() => undefined);
  }
}
