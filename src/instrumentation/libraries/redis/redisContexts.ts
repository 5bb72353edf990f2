import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { RedisWatch } from './redisTracking.js';
import { isCommand } from './redisTypes.js';
import type { Client } from './redisTypes.js';

/** Remembers the context each deferred command was created in, for copies of ioredis that publish commands only when they send them. */
export class RedisContexts implements RedisWatch {
  readonly #made = new WeakMap<object, Context>();

  made(command: unknown): void {
    if (isCommand(command) && !this.#made.has(command)) this.#made.set(command, context.active());
  }

  given(command: unknown): void {
    this.made(command);
  }

  /** Sends it, or lets it wait for the connection, after which it passes through here again. */
  run(command: unknown, { status }: Client, send: () => unknown): unknown {
    if (status !== 'ready') this.made(command);
    const made = isCommand(command) ? this.#made.get(command) : undefined;
    if (made === undefined || !isCommand(command)) return send();
    if (status === 'ready') this.#made.delete(command);
    return context.with(made, send);
  }
}
