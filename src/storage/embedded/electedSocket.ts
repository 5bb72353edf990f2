import { Socket } from 'node:net';
import { toError } from '../../errors/classify.js';

/**
 * The socket pg connects with: it asks where to connect only when it connects, and waits while an owner is being found.
 * So a pool outlives any number of owners, and everything that takes connections from it waits instead of failing.
 */
export class ElectedSocket extends Socket {
  readonly #reachable: () => Promise<string>;

  constructor(reachable: () => Promise<string>) {
    super();
    this.#reachable = reachable;
  }

  /** Ignores the address pg gives it. */
  override connect(): this {
    this.#reachable().then(
      (address) => {
        if (!this.destroyed) super.connect(address);
      },
      (error: unknown) => this.destroy(toError(error)),
    );
    return this;
  }
}
