import { AsyncLocalStorage } from 'node:async_hooks';
import type { Turn } from '../resilience/admission/turn.js';

interface Held {
  turn: Turn | undefined;
}

const held = new AsyncLocalStorage<Held>();

/** Serves a request that has had its turn already, so that the tool it calls does not wait for another. */
export function withTurn<T>(turn: Turn, serve: () => T): T {
  return held.run({ turn }, serve);
}

/** The turn of the request that is served here, for the first who asks: of several calls in one request only one has had its turn. */
export function takeTurn(): Turn | undefined {
  const here = held.getStore();
  const turn = here?.turn;
  if (here !== undefined) here.turn = undefined;
  return turn;
}
