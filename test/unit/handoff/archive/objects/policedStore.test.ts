import { expect, it, vi } from 'vitest';
import { policedStore } from '../../../../../src/handoff/archive/objects/policedStore.js';
import type { ObjectStore } from '../../../../../src/handoff/archive/objects/objectStore.js';

it('guards each operation, repeats only those that read, and probes the store itself', async () => {
  const store: ObjectStore = {
    kind: 'files',
    location: '/archive',
    put: vi.fn(async () => undefined),
    get: vi.fn(async () => new Uint8Array([1])),
    head: vi.fn(async () => undefined),
    delete: vi.fn(async () => undefined),
  };
  const seen: string[] = [];
  let probe: (() => Promise<unknown>) | undefined;
  const policed = policedStore(store, (given) => {
    probe = given;
    return { run: (work) => (seen.push('run'), work()), read: (work) => (seen.push('read'), work()) };
  });
  await policed.put('a', new Uint8Array());
  expect(await policed.get('a')).toEqual(new Uint8Array([1]));
  await policed.head('a');
  await policed.delete('a');
  expect(seen).toEqual(['run', 'read', 'read', 'run']);
  expect(policed).toMatchObject({ kind: 'files', location: '/archive' });
  await probe?.();
  expect(store.head).toHaveBeenCalledTimes(2);
  expect(seen).toHaveLength(4);
});
