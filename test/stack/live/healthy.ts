import { setTimeout as wait } from 'node:timers/promises';
import { Caller, Ledger, Loop } from './load/callers.js';
import { handoffTurn } from './load/handoffLoad.js';

const CALLERS = 2;
const PAUSE_MS = 20;
const STEADY_PAUSE_MS = 200;

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

/** Lighter load, for as long as what it returns is not disposed of; its calls may fail. */
export async function keepLoading(url: string): Promise<Loop> {
  const caller = new Caller(url, new Ledger());
  await caller.connect();
  return new Loop((count) => handoffTurn(caller, 'steady', count), STEADY_PAUSE_MS);
}
