import type pg from 'pg';

/** One call of a client: everything it sends for it, through one connection. */
export type Call = (client: pg.PoolClient, number: number) => Promise<void>;

export interface LoadResult {
  readonly calls: number;
  /** How often each message came. */
  readonly failures: Readonly<Record<string, number>>;
  /** The longest that a call took, in ms. */
  readonly slowestMs: number;
}

export interface Load {
  /** Lets the running calls finish and resolves with what happened. */
  stop(): Promise<LoadResult>;
  readonly calls: number;
}

/** Clients that call without a pause, each on a connection of its own, until they are stopped. A failed call is noted and not repeated. */
export function startLoad(pool: pg.Pool, clients: number, call: Call): Load {
  const state = { stopped: false, calls: 0, slowestMs: 0 };
  const failures: Record<string, number> = {};
  const work = async (client: number): Promise<void> => {
    const connection = await pool.connect();
    for (let number = client; !state.stopped; number += clients) {
      const startMs = performance.now();
      try {
        await call(connection, number);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        failures[message] = (failures[message] ?? 0) + 1;
      }
      state.calls += 1;
      state.slowestMs = Math.max(state.slowestMs, performance.now() - startMs);
    }
    connection.release();
  };
  const all = Promise.all(Array.from({ length: clients }, (_, client) => work(client)));
  return {
    get calls() {
      return state.calls;
    },
    stop: async () => {
      state.stopped = true;
      await all;
      return { calls: state.calls, failures, slowestMs: state.slowestMs };
    },
  };
}
