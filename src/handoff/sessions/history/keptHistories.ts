import type { Clock } from '../../../time/clock.js';
import type { SummaryFactsRow } from '../sql/summaryFacts.js';

/** A history as it was read for a handoff. */
export interface KeptHistory {
  readonly sessionId: string;
  readonly facts: SummaryFactsRow;
  readonly contentBytes: number;
  readonly metadataBytes: number;
  /** Of all entries, as `readHandoffState` makes it: another one when any of them was changed, added or removed. */
  readonly mark: bigint;
  /** The entries as the handoff package shows them: a JSON array without its last bracket. */
  readonly entries: string;
  /** Size of `entries` in UTF-8. */
  readonly entriesBytes: number;
}

export interface KeptHistoriesOptions {
  /** Of all histories together; a history larger than an eighth of it is not kept. */
  readonly maxBytes: number;
  /** A history that is not used for so long leaves the memory, within twice this time. In milliseconds, default 300000. */
  readonly maxAgeMs?: number;
}

const MIB = 1_048_576;

/** What histories may take of a heap of this size: a sixteenth, and 256 MiB at most. */
export function keptBytesOf(heapLimitBytes: number): number {
  return Math.min(256 * MIB, heapLimitBytes / 16);
}

interface Kept extends KeptHistory {
  readonly sinceMs: number;
}

/** About what the facts of a history take: at most a hundred names and texts of a hundred characters. */
const FACTS_BYTES = 4096;

/**
 * Histories that were handed over lately, so that the next handoff of the same session reads only what was added since.
 *
 * Nothing is answered from here alone: with what was added, the database says by `mark` whether the entries are still what is kept. What
 * was erased leaves the memory at once in the process that erased it, and after a while in every other one, whether or not somebody asks.
 */
export class KeptHistories {
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  /** By session key, the least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;
  #forgotten = 0;
  #isWatching = false;

  constructor(clock: Clock, { maxBytes, maxAgeMs = 300_000 }: KeptHistoriesOptions) {
    this.#clock = clock;
    this.#maxBytes = maxBytes;
    this.#maxAgeMs = maxAgeMs;
  }

  get(sessionKey: string): KeptHistory | undefined {
    return this.#kept.get(sessionKey);
  }

  /** Call it before a history is read, and give the result to `keep`: one that is read during its erasure must not be kept. */
  begin(): number {
    return this.#forgotten;
  }

  /** Keeps a history in place of the one before, unless a session was forgotten since `begin`: it may have been this one. */
  keep(since: number, sessionKey: string, history: KeptHistory): void {
    this.drop(sessionKey);
    if (since !== this.#forgotten || sizeOf(history) > this.#maxBytes / 8) return;
    this.#kept.set(sessionKey, { ...history, sinceMs: this.#clock.monotonicMs() });
    this.#bytes += sizeOf(history);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.drop(oldest);
    }
    if (!this.#isWatching) void this.#watch();
  }

  /** Drops the history of a session that is erased. */
  forget(sessionKey: string): void {
    this.#forgotten += 1;
    this.drop(sessionKey);
  }

  /** Keeps the history no longer. */
  drop(sessionKey: string): void {
    const kept = this.#kept.get(sessionKey);
    if (kept === undefined) return;
    this.#kept.delete(sessionKey);
    this.#bytes -= sizeOf(kept);
  }

  /** Drops what is too old, as long as there is anything; keeps no process alive for it. */
  async #watch(): Promise<void> {
    this.#isWatching = true;
    let nowMs = this.#clock.monotonicMs();
    while (this.#kept.size > 0) {
      await this.#clock.sleep(this.#maxAgeMs, { unref: true });
      const beforeMs = nowMs;
      nowMs = this.#clock.monotonicMs();
      // A clock of the host may sleep for no time at all: the next history starts the watch again.
      if (nowMs === beforeMs) break;
      for (const [sessionKey, { sinceMs }] of this.#kept) if (nowMs - sinceMs >= this.#maxAgeMs) this.drop(sessionKey);
    }
    this.#isWatching = false;
  }
}

function sizeOf({ entriesBytes }: KeptHistory): number {
  return entriesBytes + FACTS_BYTES;
}
