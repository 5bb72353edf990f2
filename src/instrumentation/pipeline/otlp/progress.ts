import type { ClientRequest } from 'node:http';

/**
 * How far one export has come. It is read when the process ends without time for an answer: what the operating system has will
 * arrive and must not be sent twice; everything else is sent by other means.
 */
export class Progress {
  #request: ClientRequest | undefined;

  /** Every attempt starts from the beginning: what a receiver refused is not on its way. */
  attempt(request: ClientRequest): void {
    this.#request = request;
  }

  /** The attempt failed; until the next one nothing is on its way. */
  failed(): void {
    this.#request = undefined;
  }

  /** The operating system has taken the last byte of the request. */
  get isHandedOver(): boolean {
    return this.#request?.writableFinished === true && !this.#request.destroyed;
  }
}
