/** What a target can answer to a handoff. */
export type Answer = 'accept' | 'reject' | 'complete';

/** A handoff before and after each answer. */
export const STEPS: Readonly<Record<Answer, { readonly from: string; readonly to: 'accepted' | 'rejected' | 'completed' }>> = {
  accept: { from: 'pending', to: 'accepted' },
  reject: { from: 'pending', to: 'rejected' },
  complete: { from: 'accepted', to: 'completed' },
};

/** What the clients were told of one handoff. */
export class HandoffAccount {
  readonly requestType: string;
  readonly target: string;
  /** Absent where the request had no answer: it may or may not be there, and nobody can have answered it. */
  readonly id: string | undefined;
  #told = 'pending';
  /** Answers that were given and are not known to have been refused: each may take effect at any time. */
  readonly #loose: Answer[] = [];
  /** Answers of which the clients were told that they, and no earlier call, took effect. */
  readonly #effects = new Set<Answer>();

  constructor(requestType: string, target: string, id: string | undefined) {
    this.requestType = requestType;
    this.target = target;
    this.id = id;
  }

  /** The state of which the clients were told last. */
  get told(): string {
    return this.#told;
  }

  /** States that it may be in, after all that was told and all that had no answer. */
  get possible(): ReadonlySet<string> {
    const states = new Set([this.#told]);
    // An acceptance makes a completion possible, so they are gone through as often as there are kinds.
    for (let round = 0; round < 2; round += 1) {
      for (const answer of this.#loose) if (states.has(STEPS[answer].from)) states.add(STEPS[answer].to);
    }
    return states;
  }

  /** To be called before an answer is sent. Without a call of `done` or `refused` its outcome is unknown. */
  attempt(answer: Answer): void {
    this.#loose.push(answer);
  }

  /** The server has said that the answer is given. Returns what is wrong with that, if anything. */
  done(answer: Answer, isRepeated: boolean): string | undefined {
    const { to } = STEPS[answer];
    const { possible } = this;
    const isSecond = !isRepeated && this.#effects.has(answer);
    if (!isRepeated) this.#effects.add(answer);
    this.#settle(answer);
    this.#told = to;
    if (!possible.has(to)) return `it was told that its answer is ${answer}, and it can only be ${[...possible].join(' or ')}`;
    return isSecond ? `its answer ${answer} took effect twice` : undefined;
  }

  /** The server has refused the answer; `current` is the state it named, if it named one. Returns what is wrong with that, if anything. */
  refused(answer: Answer, current: string | undefined): string | undefined {
    const { possible } = this;
    this.#settle(answer);
    if (current === undefined) return undefined;
    if (!possible.has(current)) return `it was told to be ${current}, and it can only be ${[...possible].join(' or ')}`;
    this.#told = current;
    return undefined;
  }

  #settle(answer: Answer): void {
    this.#loose.splice(this.#loose.indexOf(answer), 1);
  }
}
