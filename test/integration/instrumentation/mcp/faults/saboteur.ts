import { context, propagation } from '@opentelemetry/api';
import type { ContextManager } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { McpHooksDependencies } from '../../../../../src/instrumentation/mcp/instrumentation.js';
import { systemClock } from '../../../../../src/time/clock.js';
import type { Ledger } from './ledger.js';

/** Methods that do their work before they fail: what cannot be ended because ending it fails is nobody's fault. */
const FAIL_AFTERWARDS: ReadonlySet<PropertyKey> = new Set(['end', 'removeCallback']);

/** Everything telemetry calls, of which exactly one call fails. */
export class Saboteur {
  calls = 0;
  /** The method that failed. */
  failed = 'nothing';
  /** The call that fails, counted from 1. */
  readonly #target: number;
  #over = false;

  constructor(target: number) {
    this.#target = target;
  }

  dependencies(ledger: Ledger): Partial<McpHooksDependencies> {
    context.disable();
    context.setGlobalContextManager(this.#around<ContextManager>(new AsyncLocalStorageContextManager().enable()));
    return {
      tracer: this.#around(ledger.tracer),
      meter: this.#around(ledger.meter),
      propagation: this.#around(propagation),
      clock: this.#around(systemClock),
    };
  }

  /** Nothing fails or counts any more. */
  stop(): void {
    this.#over = true;
  }

  #around<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (inner, key) => {
        const value: unknown = Reflect.get(inner, key, inner);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => this.#call(inner, key, value as (...args: unknown[]) => unknown, args);
      },
    });
  }

  #call(inner: object, key: PropertyKey, method: (...args: unknown[]) => unknown, args: unknown[]): unknown {
    if (this.#over) return method.apply(inner, args);
    this.calls += 1;
    const fails = this.calls === this.#target;
    if (fails) this.failed = String(key);
    if (fails && !FAIL_AFTERWARDS.has(key)) throw new Error(`sabotaged: ${String(key)}`);
    const result = method.apply(inner, args);
    if (fails) throw new Error(`sabotaged: ${String(key)}`);
    // Spans and instruments are called, too; contexts are looked into by the API itself, which takes no other object for them.
    return key === 'startSpan' || String(key).startsWith('create') ? this.#around(result as object) : result;
  }
}
