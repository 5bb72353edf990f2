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

/** Objects that were fetched and checked lately, compressed, by session: the pages of one session are read one after the other. */
export class FetchedObjects {
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  /** The least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(clock: Clock, { maxBytes = 32 * 1024 * 1024, maxAgeMs = 600_000 }: FetchedObjectsOptions = {}) {
    this.#clock = clock;
    this.#maxBytes = maxBytes;
    this.#maxAgeMs = maxAgeMs;
  }

  /** A session that was restored and archived again has another object. */
  get(sessionId: string, objectKey: string): Uint8Array | undefined {
    const kept = this.#kept.get(sessionId);
    if (kept === undefined) return undefined;
    this.delete(sessionId);
    if (kept.objectKey !== objectKey || this.#clock.monotonicMs() - kept.sinceMs > this.#maxAgeMs) return undefined;
    this.#add(sessionId, kept);
    return kept.body;
  }

  set(sessionId: string, objectKey: string, body: Uint8Array): void {
    this.delete(sessionId);
    if (body.length > this.#maxBytes / 2) return;
    this.#add(sessionId, { objectKey, body, sinceMs: this.#clock.monotonicMs() });
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.delete(oldest);
    }
  }

  delete(sessionId: string): void {
    const kept = this.#kept.get(sessionId);
    if (kept === undefined) return;
    this.#kept.delete(sessionId);
    this.#bytes -= kept.body.length;
  }

  #add(sessionId: string, kept: Kept): void {
    this.#kept.set(sessionId, kept);
    this.#bytes += kept.body.length;
  }
}
