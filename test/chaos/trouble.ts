import { setTimeout as wait } from 'node:timers/promises';
import type { ThrowawayServer } from '../setup/throwawayServer.js';
import type { ChaosStore } from './chaosStore.js';
import type { Fleet } from './fleet.js';
import type { SeededRandom } from './random.js';

export interface Troubles {
  readonly fleet: Fleet;
  readonly postgres: ThrowawayServer;
  readonly store: ChaosStore;
  readonly random: SeededRandom;
}

export interface TroubleCounts {
  replicaKills: number;
  databaseKills: number;
  storeFaultPeriods: number;
}

/** Kills replicas and the database and makes the store fail, at random times, until `stopped`; then everything is whole again. */
export async function makeTrouble(troubles: Troubles, stopped: AbortSignal): Promise<TroubleCounts> {
  const counts: TroubleCounts = { replicaKills: 0, databaseKills: 0, storeFaultPeriods: 0 };
  await Promise.all([
    killReplicas(troubles, stopped, counts),
    killDatabase(troubles, stopped, counts),
    breakStore(troubles, stopped, counts),
  ]);
  return counts;
}

async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: stopped }).catch(() => undefined);
}

async function killReplicas({ fleet, random: parent }: Troubles, stopped: AbortSignal, counts: TroubleCounts): Promise<void> {
  const random = parent.fork('replicas');
  while (!stopped.aborted) {
    await pause(random.between(1000, 5000), stopped);
    if (stopped.aborted) return;
    const index = random.between(0, fleet.replicas.length - 1);
    await fleet.kill(index);
    counts.replicaKills = fleet.kills;
    await pause(random.between(0, 1500), stopped);
    await fleet.startAll();
  }
}

async function killDatabase({ postgres, random: parent }: Troubles, stopped: AbortSignal, counts: TroubleCounts): Promise<void> {
  const random = parent.fork('database');
  while (!stopped.aborted) {
    await pause(random.between(6000, 15_000), stopped);
    if (stopped.aborted) return;
    await postgres.kill9();
    counts.databaseKills += 1;
    await wait(random.between(0, 2000));
    await postgres.start();
  }
}

async function breakStore({ store, random: parent }: Troubles, stopped: AbortSignal, counts: TroubleCounts): Promise<void> {
  const random = parent.fork('store');
  while (!stopped.aborted) {
    store.failureShare = random.pick([0.2, 0.5, 0.9]);
    counts.storeFaultPeriods += 1;
    await pause(random.between(1000, 5000), stopped);
    store.failureShare = 0;
    await pause(random.between(1000, 4000), stopped);
  }
}
