import { quietly } from '../../../errors/quietly.js';
import type { Arrival } from '../connection/begun.js';
import type { Connection } from '../connection/connection.js';
import { isNotification, isRequest, isResponse } from '../shapes.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { MessageExtra } from '../shapes.js';
import { watchNotification, watchRequest } from './handlerHook.js';
import { callIn } from './hostCalls.js';
import type { HookState } from './hookState.js';

/** Wraps `onmessage`: starts an operation for each incoming message and passes the message on in its context. */
export function onMessage(state: HookState, original: AnyFunction | undefined): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    if (original === undefined) return undefined;
    const message = args[0];
    if (!state.live || state.arriving === message) return original.apply(this, args);
    const outer = state.arriving;
    state.arriving = message;
    try {
      const arrival = arrive(state, message, args[1]);
      const result = arrival === undefined ? original.apply(this, args) : handOn(state, arrival, original, this, args);
      handedOn(state, message);
      return result;
    } finally {
      state.arriving = outer;
    }
  };
}

/** Wraps `onclose`: ends open operations after the SDK has handled the close. */
export function onClose(state: HookState, original: AnyFunction | undefined): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    try {
      return original?.apply(this, args);
    } finally {
      if (state.live) {
        quietly(() => {
          state.connection.close();
          state.onClosed();
          state.connection.conversationEnded();
        });
      }
    }
  };
}

/** Wraps `onerror`: a session that ends right after an error ended with that error. */
export function onError(state: HookState, original: AnyFunction | undefined): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    if (state.live) state.connection.session.failed(args[0]);
    return original?.apply(this, args);
  };
}

function arrive({ connection, received, sent, hook }: HookState, message: unknown, given: unknown): Arrival | undefined {
  try {
    hook.keepSends();
    connection.session.alive();
    const extra = given as MessageExtra | undefined;
    if (isRequest(message)) {
      connection.scope.shared.taken.take(message);
      const arrival = received.begin(message, extra);
      if (arrival?.operation !== undefined) watchHandler(connection, message, watchRequest);
      return arrival;
    }
    if (isNotification(message)) {
      connection.scope.shared.taken.take(message);
      const arrival = received.begin(message, extra);
      if (arrival?.operation !== undefined) watchHandler(connection, message, watchNotification);
      return arrival;
    }
    if (isResponse(message)) sent.answered(message);
  } catch {
    // The telemetry of one message is lost; the message is not.
  }
  return undefined;
}

/** What a failure loses is the exception of one handler, not the operation. */
function watchHandler<Message>(connection: Connection, message: Message, watch: (connection: Connection, message: Message) => void): void {
  try {
    watch(connection, message);
  } catch {
    // As in `quietly`, without creating a function for every message.
  }
}

function handOn({ received, takenOver }: HookState, arrival: Arrival, original: AnyFunction, self: unknown, args: unknown[]): unknown {
  let result: unknown;
  try {
    result = callIn(arrival.context, original, self, args);
  } catch (thrown) {
    quietly(() => {
      received.abandon(arrival);
    });
    throw thrown;
  }
  try {
    received.dispatched(arrival, takenOver);
  } catch {
    // As in `quietly`, without creating a function for every message.
  }
  return result;
}

/** Ends the requests a notification ends, whether or not it is traced itself. */
function handedOn({ received, sent }: HookState, message: unknown): void {
  try {
    if (!isNotification(message)) return;
    if (message.method === 'notifications/cancelled') received.cancel(message.params);
    else if (sent.isWaiting) {
      // The SDKs handle a notification one microtask after it arrives.
      queueMicrotask(() => {
        quietly(() => {
          sent.notified(message);
        });
      });
    }
  } catch {
    // As in `quietly`, without creating a function for every message.
  }
}
