/** What one round of load did. */
export interface Round {
  readonly calls: number;
  readonly callsPerSecond: number;
  /** Sorted. */
  readonly latenciesMs: Float64Array;
}

export interface LoadOptions {
  /** Each has one call open at a time and makes the next when it is answered. */
  readonly callers: number;
  readonly durationMs: number;
  /** One call of one caller (from 0); rejects when it failed, which ends the round. */
  readonly call: (caller: number) => Promise<unknown>;
}

/** Calls without pause for `durationMs`; calls open at the end are waited for and count, with the time they took. */
export async function applyLoad({ callers, durationMs, call }: LoadOptions): Promise<Round> {
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  const endMs = startMs + durationMs;
  const runCaller = async (caller: number): Promise<void> => {
    for (let beganMs = performance.now(); beganMs < endMs; ) {
      await call(caller);
      const answeredMs = performance.now();
      latenciesMs.push(answeredMs - beganMs);
      beganMs = answeredMs;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => runCaller(caller)));
  const elapsedMs = performance.now() - startMs;
  return {
    calls: latenciesMs.length,
    callsPerSecond: (latenciesMs.length * 1000) / elapsedMs,
    latenciesMs: Float64Array.from(latenciesMs).sort(),
  };
}
