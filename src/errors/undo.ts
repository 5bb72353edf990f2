import { errorMessage } from './classify.js';

/** Remembers how to take back what was done, so that a start that fails half-way leaves nothing behind. */
export class Undo {
  readonly #report: (line: string) => void;
  #steps: (() => void)[] = [];

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  add(step: () => void): void {
    this.#steps.push(step);
  }

  /** Takes back what was done, latest first; one step that fails keeps no other from being taken. Never throws. */
  run(): void {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        step();
      } catch (error) {
        this.#report(`something could not be undone: ${errorMessage(error)}`);
      }
    }
  }
}
