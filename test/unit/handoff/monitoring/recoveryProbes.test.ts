import { expect, it } from 'vitest';
import { recoveryProbes } from '../../../../src/handoff/monitoring/recoveryProbes.js';
import { Degradations } from '../../../../src/handoff/resilience/degradations.js';
import type { Cache } from '../../../../src/handoff/storage/cache.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';

const database = {} as Database;
const degradations = new Degradations(new FakeClock());
degradations.degrade('cache', 'connection', 'ECONNREFUSED');

it('asks the cache itself where it can be asked: what was noted of it may be out of date', async () => {
  let isBack = false;
  const cache = { kind: 'redis', probe: async () => (isBack ? {} : Promise.reject(new Error('away'))) } as Cache;
  const probes = recoveryProbes({ database, cache }, degradations);
  await expect(probes.cache?.()).rejects.toThrow('away');
  isBack = true;
  await expect(probes.cache?.()).resolves.toEqual({});
});

it("goes by what was noted of a host's own cache", async () => {
  const cache = { kind: 'redis', get: async () => undefined } as unknown as Cache;
  await expect(recoveryProbes({ database, cache }, degradations).cache?.()).rejects.toThrow('Redis cannot be reached');
  await expect(recoveryProbes({ database, cache }, new Degradations(new FakeClock())).cache?.()).resolves.toBeUndefined();
});
