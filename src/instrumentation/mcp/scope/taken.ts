import { context, createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

/** One HTTP request at a handler; `taken` when a server got its message, which then counts there. */
export interface Exchange {
  taken: boolean;
}

const EXCHANGE_KEY = createContextKey('handoff-otel.mcp.exchange');

/** Joins entries (createMcpHandler, serveStdio) with the servers behind them, so that every request counts in one place only. */
export class TakenMessages {
  /** Off until an entry of that kind is hooked: most processes have none, and this is asked once a message. */
  #wires = false;
  #handlers = false;
  readonly #messages = new WeakSet<object>();

  watchWires(): void {
    this.#wires = true;
  }

  watchHandlers(): void {
    this.#handlers = true;
  }

  /** A server got this message. */
  take(message: object): void {
    if (this.#wires) this.#messages.add(message);
    if (!this.#handlers) return;
    const exchange = context.active().getValue(EXCHANGE_KEY);
    if (isExchange(exchange)) exchange.taken = true;
  }

  has(message: object): boolean {
    return this.#messages.has(message);
  }

  /** The context in which a handler serves one request. */
  during(active: Context, exchange: Exchange): Context {
    return active.setValue(EXCHANGE_KEY, exchange);
  }
}

function isExchange(value: unknown): value is Exchange {
  return typeof value === 'object' && value !== null && 'taken' in value;
}
