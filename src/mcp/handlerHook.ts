import { context } from '@opentelemetry/api';
import { OPERATION_KEY, Operation } from './operation.js';
import { isFunction } from './shapes.js';
import type { ProtocolLike } from './shapes.js';
import type { TargetNames } from './targetNames.js';

type Handler = (...args: unknown[]) => unknown;

/** Where the SDKs keep a tool's callback: `executor` in v2, `handler` in v1, `callback` in v1 before 1.24. */
const TOOL_CALLBACKS = ['executor', 'handler', 'callback'] as const;

/** Functions that already report what they throw; also keeps two instrumentations of one server from wrapping twice. */
const reporting = new WeakSet<Handler>();

/**
 * Makes the handler of a request report what it throws, just before it runs: the SDKs turn every exception of a tool
 * into an ordinary result and replace callbacks on `update()`, so neither the response nor an earlier wrap would tell.
 */
export function watchHandler(protocol: ProtocolLike, names: TargetNames, method: string, toolName: string | undefined): void {
  const handlers = protocol._requestHandlers;
  if (handlers instanceof Map) {
    const handler: unknown = handlers.get(method);
    if (isFunction(handler) && !reporting.has(handler)) handlers.set(method, reportingHandler(handler));
  }
  const tool = toolName === undefined ? undefined : names.toolEntry(toolName);
  if (tool === undefined) return;
  for (const key of TOOL_CALLBACKS) {
    const callback = tool[key];
    if (isFunction(callback) && !reporting.has(callback)) tool[key] = reportingHandler(callback);
  }
}

/** The same function to its caller: `this`, arguments, result, promise and exception pass through untouched. */
function reportingHandler(handler: Handler): Handler {
  function watched(this: unknown, ...args: unknown[]): unknown {
    const operation = context.active().getValue(OPERATION_KEY);
    let result: unknown;
    try {
      result = handler.apply(this, args);
    } catch (thrown) {
      report(operation, thrown);
      throw thrown;
    }
    if (result instanceof Promise) {
      // A side branch: it handles the rejection for itself only, the caller still gets the original promise.
      result.then(undefined, (thrown: unknown) => {
        report(operation, thrown);
      });
    }
    return result;
  }
  reporting.add(watched);
  return watched;
}

/** The innermost hook sees the exception first, and its view is the one that counts. */
function report(operation: unknown, thrown: unknown): void {
  if (operation instanceof Operation && operation.thrown === undefined) operation.thrown = thrown;
}
