import type { CallOptions } from '../resilience/admission/admission.js';
import { runInTurn } from '../resilience/admission/turn.js';
import { takeTurn } from './turnHere.js';

/** Begins a call when it is its turn; rejects with `OverloadedError` if it is told to come back later. */
export type Admit = <T>(work: () => Promise<T>, options?: CallOptions) => Promise<T>;

/** For what must work while the server is overloaded: health, and the tools of operators. */
export const atOnce: Admit = (work) => work();

/** Lets a call begin at once that had its turn where it came in, and any other one as `admit` says. */
export function unlessAdmitted(admit: Admit): Admit {
  return (work, options) => {
    const turn = takeTurn();
    return turn === undefined ? admit(work, options) : runInTurn(turn, work);
  };
}

/** Is told of every call whose arguments are refused, and of which. No operation begins, so nothing else says that there was a call. */
export type OnRefusedInput = (tool: string, args: unknown, argumentNames: readonly string[]) => void;

/** What all answers of a server have in common. */
export interface Answering {
  /** Largest JSON-RPC message of an answer. */
  readonly maxAnswerBytes: number;
  readonly admit: Admit;
  /** What the server works without at the moment; shown in every answer while there is anything. */
  readonly degraded: () => readonly object[];
  readonly onRefusedInput: OnRefusedInput;
}
