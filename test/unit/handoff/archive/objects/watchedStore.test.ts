import { expect, it } from 'vitest';
import { watchedStore } from '../../../../../src/handoff/archive/objects/watchedStore.js';
import type { ObjectStore } from '../../../../../src/handoff/archive/objects/objectStore.js';

it('tells of each object that was stored or not, and passes everything on', async () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  let failure: Error | undefined = full;
  const store: ObjectStore = {
    kind: 'files',
    location: '/archive',
    put: async () => {
      if (failure !== undefined) throw failure;
    },
    get: async () => new Uint8Array([7]),
    head: async () => ({ bytes: 1 }),
    delete: async () => undefined,
  };
  const heard: unknown[] = [];
  const watched = watchedStore(store, (given) => heard.push(given));
  await expect(watched.put('a', new Uint8Array())).rejects.toBe(full);
  failure = undefined;
  await watched.put('a', new Uint8Array());
  expect(await watched.get('a')).toEqual(new Uint8Array([7]));
  expect(await watched.head('a')).toEqual({ bytes: 1 });
  await watched.delete('a');
  expect(heard).toEqual([{ error: full }, undefined]);
});
