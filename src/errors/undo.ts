import { errorMessage } from './classify.js';

/** Remembers how to undo what was done, so that a start that fails halfway leaves nothing behind. */
export class Undo {
  readonly #report: (line: string) => void;
  #steps: (() => void)[] = [];

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  add(step: () => void): void {
    this.#steps.push(step);
  }

  /** Undoes what was done, latest first; a step that fails does not stop the others. Never throws. */
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
