import * as cockatiel from 'cockatiel';
import { expect, it, onTestFinished } from 'vitest';
import { lazyS3Store } from '../../../../../src/handoff/archive/objects/lazyS3Store.js';
import type { ObjectStore } from '../../../../../src/handoff/archive/objects/objectStore.js';
import { protectedStore } from '../../../../../src/handoff/archive/objects/protectedStore.js';
import { Degradations } from '../../../../../src/handoff/resilience/degradations.js';
import { createPolicies } from '../../../../../src/handoff/resilience/policies.js';
import type { Policies } from '../../../../../src/handoff/resilience/policies.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { Recording } from '../../../telemetry/recording.js';

const OBJECT = new Uint8Array([1]);
const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });

function newPolicies(): Policies {
  const { log, meter } = new Recording();
  const policies = createPolicies({ cockatiel, log, meter, clock: systemClock, random: () => 0.5 });
  onTestFinished(() => policies.close());
  return policies;
}

function storeOf(put: ObjectStore['put'], timeoutMs?: number): ObjectStore {
  return {
    kind: 'files',
    location: '/archive',
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    put,
    get: async () => undefined,
    head: async () => undefined,
    delete: async () => undefined,
  };
}

it('keeps the time limit of a store, which decides how long an object that may still appear is waited for', () => {
  const store = lazyS3Store({ bucket: 'b', timeoutMs: 600_000 });
  const degradations = new Degradations(systemClock);
  for (const makeGuard of [undefined, newPolicies().archive])
    expect(protectedStore(store, { makeGuard, degradations, clock: systemClock }).timeoutMs).toBe(600_000);
});

it('lets the circuit breaker hear of operations that never end, and none of them keep its place', async () => {
  const policies = newPolicies();
  const degradations = new Degradations(systemClock);
  // The limit is 30 s more than the store's own.
  const hanging = storeOf(() => new Promise(() => undefined), -29_980);
  const store = protectedStore(hanging, { makeGuard: policies.archive, degradations, clock: systemClock });
  for (let call = 0; call < 5; call += 1) await expect(store.put('a', OBJECT)).rejects.toMatchObject({ name: 'TimedOut' });
  expect(policies.states().get('archive')).toBe('open');
  expect(degradations.list()).toMatchObject([{ feature: 'archive', reason: 'TimedOut' }]);
  await expect(store.put('a', OBJECT)).rejects.toMatchObject({ code: 'HANDOFF_CIRCUIT_OPEN' });
});

it('notes that the store takes no objects until it takes one, or for as long as this process could have tried again', async () => {
  const clock = new FakeClock();
  const degradations = new Degradations(clock);
  let failure: Error | undefined = full;
  const store = protectedStore(
    storeOf(async () => {
      if (failure !== undefined) throw failure;
    }),
    { makeGuard: undefined, degradations, clock },
  );
  const isNoted = async (): Promise<boolean> => {
    await clock.advance(1000);
    return degradations.list().some(({ feature, reason }) => feature === 'archive' && reason === 'ENOSPC');
  };
  await expect(store.put('a', OBJECT)).rejects.toBe(full);
  expect(await isNoted()).toBe(true);
  // That it can be read says nothing of a full disk.
  await store.get('a');
  expect(await isNoted()).toBe(true);
  failure = undefined;
  await store.put('a', OBJECT);
  expect(await isNoted()).toBe(false);
  failure = full;
  await expect(store.put('a', OBJECT)).rejects.toBe(full);
  await clock.advance(7_100_000);
  expect(await isNoted()).toBe(true);
  await clock.advance(100_000);
  expect(await isNoted()).toBe(false);
});
