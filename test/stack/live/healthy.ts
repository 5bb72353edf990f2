import { setTimeout as wait } from 'node:timers/promises';
import { Caller, Ledger, Loop } from './load/callers.js';
import { handoffTurn } from './load/handoffLoad.js';

const CALLERS = 2;
const PAUSE_MS = 20;

/** Load of real clients on a handoff server for a while; returns what they did. */
export async function loadFor(durationMs: number, url: string): Promise<Ledger> {
  const ledger = new Ledger();
  const callers = Array.from({ length: CALLERS }, () => new Caller(url, ledger));
  for (const caller of callers) await caller.connect();
  {
    await using loops = new AsyncDisposableStack();
    callers.forEach((caller, index) => loops.use(new Loop((count) => handoffTurn(caller, `caller-${index}`, count), PAUSE_MS)));
    await wait(durationMs);
  }
  await Promise.all(callers.map((caller) => caller.close()));
  return ledger;
}
