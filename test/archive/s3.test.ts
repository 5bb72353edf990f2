import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ObjectStore } from '../../src/handoff/archive/objects/objectStore.js';
import { createS3Store } from '../../src/handoff/archive/objects/s3Store.js';
import { createHandoffServices } from '../../src/handoff/services.js';
import { handoffFixture } from '../setup/handoffFixture.js';
import type { HandoffFixture } from '../setup/handoffFixture.js';
import { S3_CREDENTIALS, createBucket, startThrowawayS3 } from '../setup/throwawayS3.js';
import type { ThrowawayServer } from '../setup/throwawayServer.js';

let s3: ThrowawayServer;
let store: ObjectStore & { close(): void };
let fixture: HandoffFixture;
beforeAll(async () => {
  Object.assign(process.env, S3_CREDENTIALS);
  s3 = await startThrowawayS3();
  await createBucket(s3.url, 'archive');
  store = await createS3Store({ bucket: 'archive', prefix: 'a/b', endpoint: s3.url, forcePathStyle: true });
  fixture = await handoffFixture({ archive: store });
});
afterAll(async () => {
  await fixture.dispose();
  store.close();
  await s3.stop();
});

const key = (): string => `ab/${randomUUID()}.jsonl.gz`;

it('keeps objects of any size as they are', async () => {
  for (const bytes of [0, 1, 100_000, 20_000_000]) {
    const [name, body] = [key(), Buffer.alloc(bytes, 'no two bytes alike? ')];
    await store.put(name, body);
    expect(await store.head(name)).toEqual({ bytes });
    expect(Buffer.from((await store.get(name)) ?? 'nothing').equals(body)).toBe(true);
  }
});

it('says of an object that does not exist that there is none, and deletes it all the same', async () => {
  const name = key();
  expect(await store.get(name)).toBeUndefined();
  expect(await store.head(name)).toBeUndefined();
  await store.delete(name);
  await store.put(name, Buffer.from('x'));
  await store.delete(name);
  expect(await store.get(name)).toBeUndefined();
});

it('takes a bucket that does not exist for a mistake', async () => {
  const wrong = await createS3Store({ bucket: 'no-such-bucket', endpoint: s3.url, forcePathStyle: true });
  await expect(wrong.get(key())).rejects.toMatchObject({ name: 'NoSuchBucket' });
  await expect(wrong.put(key(), Buffer.from('x'))).rejects.toMatchObject({ name: 'NoSuchBucket' });
  wrong.close();
});

it('ends in time when the service accepts and never answers, and when it cannot be reached', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as AddressInfo;
  const hanging = await createS3Store({ bucket: 'b', endpoint: `http://127.0.0.1:${port}`, forcePathStyle: true, timeoutMs: 1000 });
  const begun = performance.now();
  await expect(hanging.put(key(), Buffer.from('x'))).rejects.toThrow();
  expect(performance.now() - begun).toBeLessThan(30_000);
  hanging.close();
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
  const gone = await createS3Store({ bucket: 'b', endpoint: `http://127.0.0.1:${port}`, forcePathStyle: true, timeoutMs: 5000 });
  await expect(gone.get(key())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  gone.close();
});

it('archives, shows, verifies, restores and cleans up, and says which bucket it was', async () => {
  const sessionKey = 'schlüssel / : %?';
  await fixture.sessions.register({ sessionKey, agentFrom: 'planner', metadata: {} });
  await fixture.sessions.append({ sessionKey, contextType: 'message', content: '😀'.repeat(1000), metadata: {} });
  await fixture.sessions.handOff({ sessionKey, targetAgent: 'coder', requestType: 'full_handoff', requestData: {} });
  const [row] = await fixture.sql<{ id: string }>('SELECT id FROM sessions');
  const id = row?.id ?? '';
  const before = await fixture.sessions.context({ sessionKey, afterSequenceNumber: 0, limit: 9 });
  expect(await fixture.archive.archive(id)).toMatchObject({ kind: 'archived', entries: 3 });
  expect((await fixture.sessions.context({ sessionKey, afterSequenceNumber: 0, limit: 9 }))?.contextHistory).toEqual(
    before?.contextHistory,
  );
  expect(await fixture.archive.verify(id)).toMatchObject({ kind: 'intact' });
  expect(await fixture.sql('SELECT store, location FROM session_archives')).toEqual([{ store: 's3', location: 's3://archive/a/b' }]);

  const elsewhere = createHandoffServices({
    database: fixture.database,
    cache: fixture.cache,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  expect(await elsewhere.archive.verify(id)).toMatchObject({ kind: 'damaged', error: { code: 'HANDOFF_ARCHIVE_ELSEWHERE' } });

  expect(await fixture.archive.restore(id)).toMatchObject({ kind: 'restored' });
  expect((await fixture.sessions.context({ sessionKey, afterSequenceNumber: 0, limit: 9 }))?.contextHistory).toEqual(
    before?.contextHistory,
  );
  await fixture.sql("UPDATE archive_leftovers SET noted_at = now() - interval '1 hour'");
  expect(await fixture.archive.sweepLeftovers()).toBe(1);
});

it('changes nothing while the service is away, and archives when it is back', async () => {
  await fixture.sessions.register({ sessionKey: 'away', agentFrom: 'planner', metadata: {} });
  const [row] = await fixture.sql<{ id: string }>(
    "UPDATE sessions SET status = 'expired', expires_at = now(), last_activity_at = now() - interval '9 days' WHERE session_key = 'away' RETURNING id",
  );
  await s3.kill9();
  await expect(fixture.archive.archive(row?.id ?? '')).rejects.toMatchObject({ code: 'HANDOFF_ARCHIVE_STORE' });
  await s3.start();
  await createBucket(s3.url, 'archive');
  expect(await fixture.archive.archive(row?.id ?? '')).toMatchObject({ kind: 'archived' });
});
