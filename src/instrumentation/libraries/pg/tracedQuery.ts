import { context } from '@opentelemetry/api';
import type { Operation, Operations } from './operations.js';
import { isFunction, isRecord, isThenable } from '../../../values/guards.js';
import type { AnyFunction } from '../../../values/guards.js';
import { callbackOf, withCallback } from './querySlot.js';
import { isObservable, isSubmittable, watchSubmittable } from './submittable.js';

/** Wraps `Client.prototype.query` in an operation, for every form it can be called in. */
export function tracedQuery(operations: Operations, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const query = (given: readonly unknown[]): unknown => Reflect.apply(original, this, given);
    const [config] = args;
    const submittable = isSubmittable(config) ? config : undefined;
    if (!isRecord(this) || (submittable !== undefined && !isObservable(submittable))) return query(args);
    const operation = operations.start(this, config);
    if (operation === undefined) return query(args);
    try {
      if (submittable === undefined) return answered(operation, args, query);
      watchSubmittable(submittable, operation);
      return query(args.map((arg) => (isFunction(arg) ? bound(arg) : arg)));
    } catch (error) {
      operation.fail(error);
      throw error;
    }
  };
}

/** A query whose answer goes to a callback or comes as a promise. */
function answered(operation: Operation, args: readonly unknown[], query: (args: readonly unknown[]) => unknown): unknown {
  const found = callbackOf(args);
  if (found !== undefined) return withCallback(args, found, endedBy(operation, found.callback), query);
  const result = query(args);
  if (!isThenable(result)) {
    // Nobody will be notified of the end, so there is no later moment to end at.
    operation.succeed();
    return result;
  }
  // The host gets the derived promise: a branch beside its own would hide a rejection it does not handle.
  return result.then(
    (answer) => {
      operation.succeed();
      return answer;
    },
    (error: unknown) => {
      operation.fail(error);
      throw error;
    },
  );
}

/** Runs the callback in the caller's context: the client calls it from the socket's, where no caller's span is active. */
function endedBy(operation: Operation, callback: AnyFunction): AnyFunction {
  const callersContext = context.active();
  return function (this: unknown, ...answer: unknown[]): unknown {
    const [error] = answer;
    if (error) operation.fail(error);
    else operation.succeed();
    return context.with(callersContext, () => Reflect.apply(callback, this, answer));
  };
}

function bound(callback: AnyFunction): AnyFunction {
  return context.bind(context.active(), callback);
}
