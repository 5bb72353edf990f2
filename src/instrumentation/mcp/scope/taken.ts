import { context, createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { ValueContext } from '../../../telemetry/valueContext.js';
import { Marks } from './marks.js';

/** One HTTP request at a handler; `taken` is set when a server received its message, which is then counted there. */
export interface Exchange {
  taken: boolean;
}

const EXCHANGE_KEY = createContextKey('handoff-otel.mcp.exchange');

/** Connects entries (createMcpHandler, serveStdio) with the servers behind them, so that every request is counted in one place only. */
export class TakenMessages {
  /** Off until an entry of that kind is hooked: most processes have none, and this is checked once per message. */
  #wires = false;
  #handlers = false;
  readonly #messages = new Marks<object, true>();

  watchWires(): void {
    this.#wires = true;
  }

  watchHandlers(): void {
    this.#handlers = true;
  }

  /** Marks a message as received by a server. */
  take(message: object): void {
    if (this.#wires) this.#messages.set(message, true);
    if (!this.#handlers) return;
    const exchange = context.active().getValue(EXCHANGE_KEY);
    if (isExchange(exchange)) exchange.taken = true;
  }

  has(message: object): boolean {
    return this.#messages.has(message);
  }

  /** Returns the context in which a handler serves one request. */
  during(active: Context, exchange: Exchange): Context {
    return new ValueContext(active, EXCHANGE_KEY, exchange);
  }
}

function isExchange(value: unknown): value is Exchange {
  return typeof value === 'object' && value !== null && 'taken' in value;
}
