import { quietly } from '../../../errors/quietly.js';
import type { Departure } from '../connection/begun.js';
import { isNotification, isRequest, isResponse } from '../shapes.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { HookState } from './hookState.js';
import { callIn, onSettled } from './hostCalls.js';

/** Wraps `send`: starts an operation for a request or notification, ends one for a response. */
export function onSend(state: HookState, original: AnyFunction | undefined): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    return original === undefined ? undefined : sendThrough(state, original, this, args);
  };
}

/** What the wrapper does: `original` is called exactly once. */
export function sendThrough(state: HookState, original: AnyFunction, self: unknown, args: unknown[]): unknown {
  const departure = state.live ? depart(state, args[0], args[1]) : undefined;
  if (departure === undefined) return original.apply(self, args);
  args[0] = departure.message;
  let sent: unknown;
  try {
    sent = departure.context === undefined ? original.apply(self, args) : callIn(departure.context, original, self, args);
  } catch (thrown) {
    failed(departure, thrown);
    throw thrown;
  }
  const later = onSettled(
    sent,
    () => {
      done(departure);
    },
    (error) => {
      failed(departure, error);
    },
  );
  if (!later) done(departure);
  return sent;
}

function depart({ connection, received, sent, hook }: HookState, message: unknown, options: unknown): Departure | undefined {
  try {
    hook.reattach();
    connection.session.alive();
    if (isRequest(message)) return sent.begin(message, options);
    if (isNotification(message)) {
      if (message.method === 'notifications/cancelled') sent.abandoned(message.params);
      return sent.begin(message, options);
    }
    return isResponse(message) ? received.answering(message) : undefined;
  } catch {
    return undefined;
  }
}

function done(departure: Departure): void {
  try {
    departure.done();
  } catch {
    // As in `quietly`, without creating a function for every message.
  }
}

function failed(departure: Departure, error: unknown): void {
  quietly(() => {
    departure.failed(error);
  });
}
