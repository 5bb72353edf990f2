import type { LifecycleDependencies } from '../dependencies.js';
import type { SweepLimits } from './sweep.js';

/** Removes objects that nothing refers to, within the limits of a sweep that began at a time: a store may have any number, and be slow. */
export async function sweepLeftovers(
  { archive, clock }: LifecycleDependencies,
  { signal, timeLimitMs = Infinity }: SweepLimits,
  startMs: number,
): Promise<void> {
  await archive?.sweepLeftovers({ signal, timeLimitMs: timeLimitMs - (clock.monotonicMs() - startMs) });
}
