import type { RefusalReason } from '../types.js';

/** Ends the analysis of one file, which the caller may know the reason of. The others go on. */
export class Refusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, problem: string) {
    super(problem);
    this.name = 'Refusal';
    this.reason = reason;
  }
}
