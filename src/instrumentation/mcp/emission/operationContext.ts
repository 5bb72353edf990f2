import { trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { spanKey } from '../../../telemetry/spanKey.js';
import { OPERATION_KEY } from './operation.js';
import type { Operation } from './operation.js';

/**
 * The context in which a message is handled: that of its parent with the span and the operation in it. It is equivalent to
 * setting both with the API, which copies a map and creates three functions each time, once for every message.
 */
export class OperationContext implements Context {
  readonly #parent: Context;
  readonly #operation: Operation;

  constructor(parent: Context, operation: Operation) {
    this.#parent = parent;
    this.#operation = operation;
  }

  getValue(key: symbol): unknown {
    if (key === OPERATION_KEY) return this.#operation;
    return (key === spanKey() ? this.#span : undefined) ?? this.#parent.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#copied().setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#copied().deleteValue(key);
  }

  get #span(): Span | undefined {
    return this.#operation.parts.span;
  }

  #copied(): Context {
    const parent = this.#span === undefined ? this.#parent : trace.setSpan(this.#parent, this.#span);
    return parent.setValue(OPERATION_KEY, this.#operation);
  }
}
