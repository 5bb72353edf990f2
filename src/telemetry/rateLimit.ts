import type { Clock } from '../time/clock.js';

/** Lets through the first call of each key and then at most one per `intervalMs`, and says how many were held back since. */
export type RateLimit = (key: string, emit: (heldBack: number) => void) => void;

/**
 * Keeps a storm of the same event (a broken cache under load) from becoming a storm of log lines.
 * `maxKeys` bounds the memory; keys beyond it share one interval.
 */
export function createRateLimit(clock: Clock, intervalMs: number, maxKeys = 100): RateLimit {
  const states = new Map<string, { nextMs: number; heldBack: number }>();
  return (key, emit) => {
    const known = states.has(key) || states.size < maxKeys ? key : '';
    const state = states.get(known) ?? { nextMs: -Infinity, heldBack: 0 };
    states.set(known, state);
    const nowMs = clock.monotonicMs();
    if (nowMs < state.nextMs) {
      state.heldBack += 1;
      return;
    }
    const { heldBack } = state;
    state.nextMs = nowMs + intervalMs;
    state.heldBack = 0;
    emit(heldBack);
  };
}
