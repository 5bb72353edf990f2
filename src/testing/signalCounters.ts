import type { SignalCounts } from './receiverTypes.js';

/** The counts of one signal while they are being counted. */
export class SignalCounters {
  #requests = 0;
  #accepted = 0;
  #refused = 0;
  #wireBytes = 0;
  #bodyBytes = 0;
  #records = 0;

  arrived(): void {
    this.#requests += 1;
  }

  accepted(wireBytes: number, bodyBytes: number, records: number): void {
    this.#accepted += 1;
    this.#wireBytes += wireBytes;
    this.#bodyBytes += bodyBytes;
    this.#records += records;
  }

  refused(): void {
    this.#refused += 1;
  }

  snapshot(dropped: number): SignalCounts {
    return {
      requests: this.#requests,
      accepted: this.#accepted,
      refused: this.#refused,
      wireBytes: this.#wireBytes,
      bodyBytes: this.#bodyBytes,
      records: this.#records,
      dropped,
    };
  }
}
