import { setTimeout as wait } from 'node:timers/promises';
import type { HttpServer } from '../http/httpServer.js';
import { callsOfSession } from '../http/standardCalls.js';

export interface AgentsOptions {
  readonly server: HttpServer;
  /** Sessions that are active at a time, each with an agent of its own. */
  readonly sessions: number;
  /** From one call of an agent to its next, on average. */
  readonly pauseMs: number;
  readonly durationMs: number;
}

/** What the agents saw. */
export interface Traffic {
  /** By tool, in milliseconds from when a call was due, sorted. */
  readonly tookMs: ReadonlyMap<string, Float64Array>;
  /** Refusals and failures by their code, and how many. */
  readonly failures: ReadonlyMap<string, number>;
  readonly callsPerSecond: number;
}

/**
 * Agents that work on their sessions one call after the other, with pauses as people and models make them, until the time is over. A
 * session that ends is followed by a new one, so that as many are active all the time. A call's time counts from when it was due.
 */
export async function runAgents({ server, sessions, pauseMs, durationMs }: AgentsOptions): Promise<Traffic> {
  const took = new Map<string, number[]>();
  const failures = new Map<string, number>();
  const startMs = performance.now();
  const endMs = startMs + durationMs;
  let calls = 0;
  const call = async (name: string, args: object, dueMs: number): Promise<void> => {
    const failure = await server.callTool(name, args).then(
      ({ isError, code }) => (isError ? (code ?? 'error') : undefined),
      (error: unknown) => (error instanceof Error ? error.message : 'error'),
    );
    calls += 1;
    const times = took.get(name) ?? [];
    took.set(name, times);
    times.push(performance.now() - dueMs);
    if (failure !== undefined) failures.set(failure, (failures.get(failure) ?? 0) + 1);
  };
  const agent = async (index: number): Promise<void> => {
    // They begin one after the other: a thousand at once is a burst, and not what is measured here.
    let dueMs = startMs + (index / sessions) * pauseMs;
    for (let life = 0; ; life += 1) {
      for (const { name, args } of callsOfSession(`health-${process.pid}-${startMs}-${index}-${life}`)) {
        if (dueMs >= endMs) return;
        const aheadMs = dueMs - performance.now();
        if (aheadMs > 1) await wait(aheadMs);
        await call(name, args, dueMs);
        // Between half and one and a half of the pause. Who was answered late goes on from there.
        dueMs = Math.max(dueMs, performance.now() - pauseMs) + pauseMs * (0.5 + Math.random());
      }
    }
  };
  await Promise.all(Array.from({ length: sessions }, (_, index) => agent(index)));
  const callsPerSecond = (calls * 1000) / (performance.now() - startMs);
  return { tookMs: new Map([...took].map(([name, times]) => [name, Float64Array.from(times).sort()])), failures, callsPerSecond };
}
