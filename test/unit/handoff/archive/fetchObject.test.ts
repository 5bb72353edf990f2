import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cockatiel from 'cockatiel';
import { expect, it, onTestFinished } from 'vitest';
import { ArchiveDamagedError } from '../../../../src/errors/archiveErrors.js';
import { fetchObject } from '../../../../src/handoff/archive/fetchObject.js';
import { sha256Of } from '../../../../src/handoff/archive/format/archiveWriter.js';
import { createFileStore } from '../../../../src/handoff/archive/objects/fileStore.js';
import { guardedStore } from '../../../../src/handoff/archive/objects/guardedStore.js';
import { protectedStore } from '../../../../src/handoff/archive/objects/protectedStore.js';
import { Degradations } from '../../../../src/handoff/resilience/degradations.js';
import { createPolicies } from '../../../../src/handoff/resilience/policies.js';
import { systemClock } from '../../../../src/time/clock.js';
import { Recording } from '../../telemetry/recording.js';

it('does not read an object that somebody made larger than the memory, through all that stands around a store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-fetch-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { log, meter } = new Recording();
  const { archive: makeGuard, close } = createPolicies({ cockatiel, log, meter, clock: systemClock, random: () => 0.5 });
  onTestFinished(close);
  const degradations = new Degradations(systemClock);
  const store = guardedStore(protectedStore(createFileStore(folder), { makeGuard, degradations, clock: systemClock }), () => undefined);
  const body = Buffer.from('what was written');
  await store.put('ab/o.gz', body);
  const described = { object_key: 'ab/o.gz', store: 'files', location: folder, sha256: sha256Of(body), stored_bytes: body.length } as const;
  expect(Buffer.from((await fetchObject(store, described)) ?? '')).toEqual(body);
  // Longer than Node reads at once, and without taking that much of the disk.
  truncateSync(join(folder, 'ab/o.gz'), 5_000_000_000);
  const fetched = fetchObject(store, described);
  await expect(fetched).rejects.toThrow(ArchiveDamagedError);
  await expect(fetched).rejects.toThrow('it has more than the 16 bytes written');
});
