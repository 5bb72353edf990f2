import type { Slice, TelemetryFinding } from './messages.js';
import { VariantProcess } from './variantProcess.js';
import type { Road, Variant } from './variants.js';

export interface RoundPlan {
  /** Times that each variant is measured, all over all processes. */
  readonly rounds: number;
  /** Processes a variant gets, one after the other: the same program runs a little faster or slower in each. */
  readonly processes: number;
  /** Calls of each measurement, and before the first of a process. */
  readonly calls: number;
  readonly warmup: number;
}

export interface Measured {
  /** One a round; those of the same index were measured one right after the other. */
  readonly slices: Slice[];
  /** Bytes a call allocates, one a reading; empty when not asked for. */
  readonly allocations: number[];
  telemetry: TelemetryFinding | undefined;
}

/** Holds what the greediest variant allocates in one measurement, MiB. */
const YOUNG_GENERATION_MIB = 1024;
const ALLOCATION_CALLS = 2000;
const ALLOCATION_READINGS = 3;

/**
 * Part of the wanted calls that is made on each road: building a server for every request makes a call there as long as many of the others.
 */
const SHARE_OF_CALLS: Readonly<Record<Road, number>> = { v2: 1, v1: 1, handler: 0.2 };

/**
 * Measures in rounds, each in another order: all see the same machine, and nobody always follows the same one, whose work is
 * still in the caches.
 * Each variant lives in a process of its own; all of them idle but one.
 */
export async function runRounds(
  chosen: readonly Variant[],
  plan: RoundPlan,
  progress: (line: string) => void,
): Promise<Map<string, Measured>> {
  const results = new Map<string, Measured>();
  for (const road of new Set(chosen.map((variant) => variant.road))) {
    const names = chosen.filter((variant) => variant.road === road).map(({ name }) => name);
    for (const name of names) results.set(name, { slices: [], allocations: [], telemetry: undefined });
    const seed = { value: 1 };
    for (let generation = 1; generation <= plan.processes; generation += 1) {
      progress(`${road}, processes ${generation} of ${plan.processes}: ${names.join(', ')}`);
      await runGeneration(names, results, seed, { ...plan, calls: callsOn(road, plan.calls), warmup: callsOn(road, plan.warmup) });
    }
  }
  return results;
}

/** The same orders in every run: what is random here would only be one difference more between two runs. */
function shuffled<T>(items: readonly T[], seed: { value: number }): T[] {
  const rest = [...items];
  const order: T[] = [];
  while (rest.length > 0) {
    seed.value = (Math.imul(seed.value, 1_664_525) + 1_013_904_223) >>> 0;
    order.push(...rest.splice(Math.floor((seed.value / 2 ** 32) * rest.length), 1));
  }
  return order;
}

/** A process for each of the names, and this generation's part of the rounds. */
async function runGeneration(
  names: readonly string[],
  results: ReadonlyMap<string, Measured>,
  seed: { value: number },
  plan: RoundPlan,
): Promise<void> {
  const running: { readonly measured: Measured; readonly child: VariantProcess }[] = [];
  try {
    for (const name of names) {
      const child = await VariantProcess.start(name);
      running.push({ measured: measuredOf(results, name), child });
      await child.warmUp(plan.warmup);
    }
    for (let round = 0; round < Math.ceil(plan.rounds / plan.processes); round += 1) {
      for (const { measured, child } of shuffled(running, seed)) measured.slices.push(await child.slice(plan.calls));
    }
    for (const { measured, child } of running) measured.telemetry = await child.finish();
  } finally {
    for (const { child } of running) child.kill();
  }
}

/** Calls that take about as long on this road as that many do in memory. */
export function callsOn(road: Road, calls: number): number {
  return Math.ceil(calls * SHARE_OF_CALLS[road]);
}

/** Adds what each variant allocates: in a process with a young generation so large that nothing is collected meanwhile. */
export async function addAllocations(
  chosen: readonly Variant[],
  results: ReadonlyMap<string, Measured>,
  plan: RoundPlan,
  progress: (line: string) => void,
): Promise<void> {
  for (const { name, road } of chosen) {
    progress(`allocation of ${name}`);
    const child = await VariantProcess.start(name, [
      `--min-semi-space-size=${YOUNG_GENERATION_MIB}`,
      `--max-semi-space-size=${YOUNG_GENERATION_MIB}`,
    ]);
    try {
      await child.warmUp(callsOn(road, plan.warmup));
      for (let index = 0; index < ALLOCATION_READINGS; index += 1)
        measuredOf(results, name).allocations.push(await child.allocation(callsOn(road, ALLOCATION_CALLS)));
    } finally {
      child.kill();
    }
  }
}

function measuredOf(results: ReadonlyMap<string, Measured>, name: string): Measured {
  const measured = results.get(name);
  if (measured === undefined) throw new Error(`${name} was not chosen`);
  return measured;
}
