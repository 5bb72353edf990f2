import type pg from 'pg';
import { addSessions, handOff, renameSessions, trimSessions } from '../handoffLoad.js';
import type { CallsMade } from '../spanLedger.js';
import type { StdioServer } from '../stdioServer.js';
import { registerSessions, updateContext } from '../updateContextLoad.js';

/** What the two builds can be compared by. */
export const loadNames = ['update_context', 'handoffs_again', 'first_handoffs'] as const;
export type LoadName = (typeof loadNames)[number];

/** A load on one server, which has a database of its own. */
export interface ServerLoad {
  /** Puts the database back to what it was, and returns what one caller calls in the round that begins. */
  readonly beginRound: () => Promise<(caller: number) => Promise<unknown>>;
  /** All calls of the server, if the rounds made so many. */
  readonly callsMade: (calls: number) => CallsMade;
}

type Start = (server: StdioServer, client: pg.Client, callers: number) => Promise<ServerLoad>;

const STARTS: Readonly<Record<LoadName, Start>> = {
  update_context: async (server, _client, callers) => {
    await registerSessions(server, callers);
    return {
      beginRound: async () => (caller) => updateContext(server, caller),
      callsMade: (calls) => ({ updates: calls, registrations: callers }),
    };
  },
  // Two sessions a caller, handed over again and again.
  handoffs_again: handoffs(2, false),
  // Each call another session, until all have had one: in rounds of a few seconds hardly any has a second.
  first_handoffs: handoffs(32, true),
};

export async function startLoad(name: LoadName, server: StdioServer, client: pg.Client, callers: number): Promise<ServerLoad> {
  return STARTS[name](server, client, callers);
}

function handoffs(sessionsPerCaller: number, areNew: boolean): Start {
  return async (server, client, callers) => {
    await addSessions(client, callers * sessionsPerCaller);
    let rounds = 0;
    let known = 0;
    return {
      beginRound: async () => {
        rounds += 1;
        const prefix = areNew ? `round-${rounds}-` : 'handoff-';
        if (areNew) await renameSessions(client, prefix);
        await trimSessions(client);
        const call = handOff(server, sessionsPerCaller, prefix);
        if (areNew) return call;
        // Without these the round would begin with as many first handoffs.
        for (let session = 0; session < sessionsPerCaller; session += 1)
          await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
        known += callers * sessionsPerCaller;
        return call;
      },
      callsMade: (calls) => ({ handoffs: known + calls }),
    };
  };
}
