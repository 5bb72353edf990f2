/** Longest list of names that is kept of one file. */
const MAX_NAMES = 500;
/** Different names that are told apart. Beyond, a name that was not kept counts as one more each time. */
const MAX_KNOWN = 10_000;

/** The first names of a list, and how many there are. */
export class NameList {
  readonly names: string[] = [];
  readonly #known: Set<string> | undefined;
  #count = 0;

  /** @param isDistinct whether a name counts once */
  constructor(isDistinct: boolean) {
    this.#known = isDistinct ? new Set() : undefined;
  }

  get omitted(): number {
    return this.#count - this.names.length;
  }

  add(name: string | undefined): void {
    if (name === undefined || name === '' || this.#known?.has(name) === true) return;
    if (this.#known !== undefined && this.#known.size < MAX_KNOWN) this.#known.add(name);
    this.#count += 1;
    if (this.names.length < MAX_NAMES) this.names.push(name);
  }
}
