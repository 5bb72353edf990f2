import { Socket } from 'node:net';
import { toError } from '../../../errors/classify.js';

/** What a socket needs to find the owner. */
export interface Election {
  /** Resolves with the address of the owner; rejects when there is none for `limitMs`. */
  reachable(limitMs: number): Promise<string>;
  /** The error for an owner that was reached but does not answer. */
  unavailable(waitedMs: number): Error;
}

/**
 * The socket pg connects with: it asks where to connect only when it connects, and waits while an owner is being found.
 * So a pool outlives any number of owners, and everything that takes connections from it waits instead of failing.
 *
 * The kernel connects to a suspended process too, so only the first bytes of the owner's greeting prove that it is running.
 */
export class ElectedSocket extends Socket {
  readonly #election: Election;
  readonly #limitMs: number;

  constructor(election: Election, limitMs: number) {
    super();
    this.#election = election;
    this.#limitMs = limitMs;
  }

  /** Ignores the address that pg passes. */
  override connect(): this {
    const timer = setTimeout(() => this.destroy(this.#election.unavailable(this.#limitMs)), this.#limitMs);
    const settle = (): void => {
      clearTimeout(timer);
    };
    this.once('data', settle);
    this.once('close', settle);
    this.#election.reachable(this.#limitMs).then(
      (address) => {
        if (!this.destroyed) super.connect(address);
      },
      (error: unknown) => this.destroy(toError(error)),
    );
    return this;
  }
}
