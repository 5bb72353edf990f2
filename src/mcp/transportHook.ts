import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { Connection } from './connection.js';
import { isFunction } from './shapes.js';
import type { MessageExtra, TransportLike } from './shapes.js';

/**
 * Wraps the three functions every message of a connection passes: `onmessage`, `send` and `onclose`. Must run when the
 * SDK has set its callbacks and before the transport starts, or messages queued in the transport are missed.
 *
 * In place and transparent: `this`, arguments, results, promises and exceptions stay what they were, and nothing
 * telemetry does can keep a message from its destination.
 */
export function hookTransport(transport: TransportLike, connection: Connection, isActive: () => boolean): void {
  const { onmessage, onclose } = transport;
  if (isFunction(onmessage)) {
    transport.onmessage = function (this: unknown, ...args: unknown[]): unknown {
      const dispatch = (): unknown => onmessage.apply(this, args);
      if (!isActive()) return dispatch();
      return receive(connection, args[0], args[1] as MessageExtra | undefined, dispatch);
    };
  }
  const { send } = transport;
  transport.send = function (this: unknown, ...args: unknown[]): unknown {
    const operation = quietly(() => connection.answering(args[0]));
    if (operation === undefined) return send.apply(this, args);
    const finish = (failed: boolean): void => {
      quietly(() => {
        connection.answered(operation, failed);
      });
    };
    let sent: unknown;
    try {
      sent = send.apply(this, args);
    } catch (thrown) {
      finish(true);
      throw thrown;
    }
    if (sent instanceof Promise) {
      // The caller gets `sent` itself; this branch only watches, and keeps a rejection from being reported twice.
      sent.then(
        () => {
          finish(false);
        },
        () => {
          finish(true);
        },
      );
    } else finish(false);
    return sent;
  };
  transport.onclose = function (this: unknown, ...args: unknown[]): unknown {
    try {
      return onclose?.apply(this, args);
    } finally {
      quietly(() => {
        connection.close();
      });
    }
  };
}

function receive(connection: Connection, message: unknown, extra: MessageExtra | undefined, dispatch: () => unknown): unknown {
  const begun = quietly(() => connection.begin(message, extra));
  if (begun === undefined) {
    const result = dispatch();
    quietly(() => {
      connection.cancel(message);
    });
    return result;
  }
  let result: unknown;
  try {
    result = runIn(begun.context, dispatch);
  } catch (thrown) {
    quietly(() => {
      connection.abandon(begun.operation);
    });
    throw thrown;
  }
  quietly(() => {
    connection.dispatched(begun.operation);
  });
  return result;
}

/** `context.with`, except that a context manager that fails before running `work` does not keep it from running. */
function runIn(active: Context, work: () => unknown): unknown {
  let started = false;
  try {
    return context.with(active, () => {
      started = true;
      return work();
    });
  } catch (thrown) {
    if (started) throw thrown;
    return work();
  }
}

function quietly<T>(telemetry: () => T): T | undefined {
  try {
    return telemetry();
  } catch {
    return undefined;
  }
}
