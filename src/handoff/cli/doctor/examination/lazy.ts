/** Opens something when it is first asked for, and once. */
export class Lazy<T> {
  readonly #open: () => Promise<T>;
  #opening: Promise<T> | undefined;

  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  get(): Promise<T> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** What has been opened, if it was asked for and could be. */
  async opened(): Promise<T | undefined> {
    try {
      return await this.#opening;
    } catch {
      return undefined;
    }
  }
}
