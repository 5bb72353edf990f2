import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../time/clock.js';

/** Limits for all open requests of one HTTP server together. */
export interface ExchangeLimits {
  /** Requests not yet fully answered. */
  readonly maxOpen: number;
  /** Bytes of bodies being read and of answers not yet read by the client. */
  readonly maxHeldBytes: number;
  /** How long the client may take to read an answer, or the part of it already written. */
  readonly maxUnreadMs: number;
}

/** Why an exchange was terminated. */
export type CutReason = 'memory' | 'unread';

/** A request and its answer. */
export interface Exchange {
  /** Reports how many bytes of the request are currently held. */
  hold(bodyBytes: number): void;
  /** Marks the answer as a refusal, which is reported where it was decided. */
  markRefused(): void;
}

/**
 * The open exchanges of one HTTP server, kept within limits, so that clients that do not read their answers, or never finish
 * sending a body, harm only themselves.
 */
export class Exchanges {
  readonly #limits: ExchangeLimits;
  readonly #clock: Clock;
  readonly #onCut: (reason: CutReason, request: IncomingMessage) => void;
  readonly #open = new Set<OpenExchange>();

  constructor(limits: ExchangeLimits, clock: Clock, onCut: (reason: CutReason, request: IncomingMessage) => void) {
    this.#limits = limits;
    this.#clock = clock;
    this.#onCut = onCut;
  }

  get isFull(): boolean {
    return this.#open.size >= this.#limits.maxOpen;
  }

  responses(): ServerResponse[] {
    return [...this.#open].map(({ response }) => response);
  }

  /** Follows an exchange to its end, then calls `onEnd` with whether it was a refusal. */
  begin(request: IncomingMessage, response: ServerResponse, onEnd: (wasRefused: boolean) => void): Exchange {
    const exchange = new OpenExchange(request, response, () => this.#relieve());
    this.#open.add(exchange);
    response.once('close', () => {
      this.#open.delete(exchange);
      onEnd(exchange.wasRefused);
    });
    return exchange;
  }

  /** Terminates exchanges left unread for too long. Must be called periodically. */
  sweep(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const exchange of this.#open) {
      if (exchange.unreadForMs(nowMs) > this.#limits.maxUnreadMs) this.#cut(exchange, 'unread');
    }
    this.#relieve();
  }

  /** The largest is dropped first, so that small requests are still served; among equals the oldest, which was read least. */
  #relieve(): void {
    const { maxHeldBytes } = this.#limits;
    let heldBytes = 0;
    for (const exchange of this.#open) heldBytes += exchange.heldBytes;
    while (heldBytes > maxHeldBytes) {
      const [first, ...others] = this.#open;
      if (first === undefined) return;
      let largest = first;
      for (const exchange of others) if (exchange.heldBytes > largest.heldBytes) largest = exchange;
      heldBytes -= largest.heldBytes;
      this.#cut(largest, 'memory');
    }
  }

  #cut(exchange: OpenExchange, reason: CutReason): void {
    this.#open.delete(exchange);
    this.#onCut(reason, exchange.request);
    exchange.markRefused();
    exchange.request.socket.destroy();
  }
}

class OpenExchange implements Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly #onMore: () => void;
  #bodyBytes = 0;
  #unreadSinceMs: number | undefined;
  #isRefused = false;

  constructor(request: IncomingMessage, response: ServerResponse, onMore: () => void) {
    this.request = request;
    this.response = response;
    this.#onMore = onMore;
    const { write } = response;
    // The SDK's adapter does the writing, and Node emits no event when an answer has to wait.
    response.write = ((...args: Parameters<typeof write>) => {
      if (!write.apply(response, args)) onMore();
      // The adapter must not wait for the client: the answers of a batch would be kept where nobody counts them.
      return true;
    }) as typeof write;
  }

  get heldBytes(): number {
    return this.#bodyBytes + this.response.writableLength;
  }

  get wasRefused(): boolean {
    return this.#isRefused;
  }

  hold(bodyBytes: number): void {
    const isMore = bodyBytes > this.#bodyBytes;
    this.#bodyBytes = bodyBytes;
    if (isMore) this.#onMore();
  }

  markRefused(): void {
    this.#isRefused = true;
  }

  /** How long some part of the answer has been waiting without interruption. */
  unreadForMs(nowMs: number): number {
    if (this.response.writableLength === 0) {
      this.#unreadSinceMs = undefined;
      return 0;
    }
    this.#unreadSinceMs ??= nowMs;
    return nowMs - this.#unreadSinceMs;
  }
}
