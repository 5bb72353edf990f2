import type { Clock } from '../../time/clock.js';

export interface FetchedObjectsOptions {
  /** Of all objects together. Default 32 MiB; an object larger than half of it is not kept. */
  readonly maxBytes?: number;
  /** So that what was erased elsewhere does not stay in this process. In milliseconds, default 600000. */
  readonly maxAgeMs?: number;
}

interface Kept {
  readonly objectKey: string;
  readonly body: Uint8Array;
  readonly sinceMs: number;
}

/**
 * Objects that were fetched and checked lately, compressed, by session: the pages of one session are read one after the other.
 *
 * Readers ask the database first where the history of a session is, so that what another process has erased, purged or restored is
 * never answered from here; it leaves the memory when it is too old, whether or not somebody asks.
 */
export class FetchedObjects {
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  /** The least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;
  #forgotten = 0;

  constructor(clock: Clock, { maxBytes = 32 * 1024 * 1024, maxAgeMs = 600_000 }: FetchedObjectsOptions = {}) {
    this.#clock = clock;
    this.#maxBytes = maxBytes;
    this.#maxAgeMs = maxAgeMs;
  }

  /** A session that was restored and archived again has another object. */
  get(sessionId: string, objectKey: string): Uint8Array | undefined {
    const kept = this.#kept.get(sessionId);
    if (kept === undefined) return undefined;
    this.#remove(sessionId);
    if (kept.objectKey !== objectKey || this.#isTooOld(kept)) return undefined;
    this.#add(sessionId, kept);
    return kept.body;
  }

  /** Call it before an object is fetched, and give the result to `keep`: one that is fetched during its erasure must not be kept. */
  begin(): number {
    return this.#forgotten;
  }

  /** Keeps an object, unless anything was forgotten since `begin`: it may have been this one. */
  keep(since: number, sessionId: string, objectKey: string, body: Uint8Array): void {
    this.#remove(sessionId);
    if (since !== this.#forgotten || body.length > this.#maxBytes / 2) return;
    this.#add(sessionId, { objectKey, body, sinceMs: this.#clock.monotonicMs() });
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest);
    }
    void this.#dropLater();
  }

  /** Drops the object of a session that was deleted or restored. */
  forget(sessionId: string): void {
    this.#forgotten += 1;
    this.#remove(sessionId);
  }

  #remove(sessionId: string): void {
    const kept = this.#kept.get(sessionId);
    if (kept === undefined) return;
    this.#kept.delete(sessionId);
    this.#bytes -= kept.body.length;
  }

  #add(sessionId: string, kept: Kept): void {
    this.#kept.set(sessionId, kept);
    this.#bytes += kept.body.length;
  }

  #isTooOld({ sinceMs }: Kept): boolean {
    return this.#clock.monotonicMs() - sinceMs > this.#maxAgeMs;
  }

  /** Drops what is too old then; keeps no process alive for it. Once for each object: a clock of the host may sleep for no time at all. */
  async #dropLater(): Promise<void> {
    await this.#clock.sleep(this.#maxAgeMs + 1, { unref: true });
    for (const [sessionId, kept] of this.#kept) if (this.#isTooOld(kept)) this.#remove(sessionId);
  }
}
