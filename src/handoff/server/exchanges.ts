import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../time/clock.js';

/** What all open requests of one HTTP server may cost together. */
export interface ExchangeLimits {
  /** Requests not answered in full. */
  readonly maxOpen: number;
  /** Bytes of bodies that are being read and of answers that were not taken yet. */
  readonly maxHeldBytes: number;
  /** How long the other side may take to read an answer, or what was written of it. */
  readonly maxUnreadMs: number;
}

/** Why an exchange was ended by force. */
export type CutReason = 'memory' | 'unread';

/** A request and the answer to it. */
export interface Exchange {
  /** Says how many bytes of the request are kept at the moment. */
  hold(bodyBytes: number): void;
  /** Says that the answer is a refusal, which is reported where it was decided. */
  markRefused(): void;
}

/**
 * The open exchanges of one HTTP server, kept within bounds: clients that ask and do not read, or send a body without
 * ever ending it, cost them and not everybody else.
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

  /** Follows an exchange to its end, which `onEnd` is told of with whether it was a refusal. */
  begin(request: IncomingMessage, response: ServerResponse, onEnd: (wasRefused: boolean) => void): Exchange {
    const exchange = new OpenExchange(request, response, () => this.#relieve());
    this.#open.add(exchange);
    response.once('close', () => {
      this.#open.delete(exchange);
      onEnd(exchange.wasRefused);
    });
    return exchange;
  }

  /** Ends what was left unread for too long. To be called again and again. */
  sweep(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const exchange of this.#open) {
      if (exchange.unreadForMs(nowMs) > this.#limits.maxUnreadMs) this.#cut(exchange, 'unread');
    }
    this.#relieve();
  }

  /** The largest goes first, so that those who ask for little are served on; of equals the oldest, which were read least. */
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
    // The SDK's adapter writes by itself, and Node emits no event when an answer has to wait.
    response.write = ((...args: Parameters<typeof write>) => {
      const wasTaken = write.apply(response, args);
      if (!wasTaken) onMore();
      return wasTaken;
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

  /** How long something of the answer has waited without a break. */
  unreadForMs(nowMs: number): number {
    if (this.response.writableLength === 0) {
      this.#unreadSinceMs = undefined;
      return 0;
    }
    this.#unreadSinceMs ??= nowMs;
    return nowMs - this.#unreadSinceMs;
  }
}
