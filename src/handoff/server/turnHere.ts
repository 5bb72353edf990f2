import { AsyncLocalStorage } from 'node:async_hooks';
import type { Turn } from '../resilience/admission/turn.js';

/** A turn that a request got where it came in, until the tool that it calls takes it. */
export class HeldTurn {
  #turn: Turn | undefined;

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  /** For the first who asks: of several calls in one request only one has had its turn. Whoever gets it must end it. */
  take(): Turn | undefined {
    const turn = this.#turn;
    this.#turn = undefined;
    return turn;
  }

  /** Gives the turn back if nobody has taken it: there is no work. One that was taken ends with its work, even if nobody waits for it. */
  leave(): void {
    this.take()?.leave();
  }
}

const held = new AsyncLocalStorage<HeldTurn>();

/** Serves a request that has had its turn already, so that the tool it calls does not wait for another. */
export function withTurn<T>(turn: HeldTurn, serve: () => T): T {
  return held.run(turn, serve);
}

/** The turn of the request that is served here, for the first who asks. */
export function takeTurn(): Turn | undefined {
  return held.getStore()?.take();
}
