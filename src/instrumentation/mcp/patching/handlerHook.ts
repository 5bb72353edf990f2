import { context } from '@opentelemetry/api';
import type { Connection } from '../connection/connection.js';
import { OPERATION_KEY, Operation } from '../emission/operation.js';
import { SUCCEEDED } from '../message/outcome.js';
import { errorType } from '../../../telemetry/errorType.js';
import type { TargetNames } from '../message/targetNames.js';
import { isFunction, isRecord } from '../../../values/guards.js';
import { stringProperty } from '../shapes.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { NotificationMessage, ProtocolLike, RequestMessage } from '../shapes.js';
import { onSettled } from './hostCalls.js';

/** Where the SDKs keep the function they call: `executor` in v2 (which wraps `handler`), `handler` in v1, `callback` in v1 before 1.24. */
const TOOL_CALLBACKS = ['executor', 'handler', 'callback'] as const;
/** The functions of the object that is stored there instead when a tool creates tasks (v1). */
const TASK_CALLBACKS = ['createTask', 'getTask', 'getTaskResult'] as const;

/**
 * The property of a wrapper that holds what it wraps. It is a property because it is read on every call and a weak map costs ten
 * times as much, and a registered symbol so that two copies of this package do not wrap one handler twice.
 */
const ORIGINAL = Symbol.for('handoff-otel.mcp.original');

/** How many wrapped handlers of one connection are noted; above that, all of its server or client are looked at when it closes. */
const MAX_NOTED = 64;

interface Watched extends AnyFunction {
  [ORIGINAL]?: AnyFunction;
}

/**
 * Makes the handler of a request report what it throws, just before it runs: the SDKs turn every exception of a tool
 * into an ordinary result and replace callbacks on `update()`, so neither the response nor an earlier wrapper would show it.
 * A tool's own callback is enough where there is one; only the SDK is around it.
 */
export function watchRequest({ protocol, names, wrapped }: Connection, { method, params }: RequestMessage): void {
  if (protocol === undefined) return;
  const toolName = method === 'tools/call' ? stringProperty(params, 'name') : undefined;
  const tool = toolName === undefined ? undefined : names.toolEntry(toolName);
  if (tool !== undefined) {
    wrapTool(tool, wrapped);
    return;
  }
  if (!wrapEntry(protocol._requestHandlers, method, reportingHandler, wrapped))
    wrapProperty(protocol, 'fallbackRequestHandler', reportingHandler, wrapped);
}

/** Does the same for a notification, whose operation lasts as long as its handler. */
export function watchNotification({ protocol, wrapped }: Connection, { method }: NotificationMessage): void {
  if (protocol === undefined) return;
  if (!wrapEntry(protocol._notificationHandlers, method, endingHandler, wrapped))
    wrapProperty(protocol, 'fallbackNotificationHandler', endingHandler, wrapped);
}

/** Restores the handlers that were wrapped for the messages of one connection: one or two where each request has its own server. */
export function unwatchWrapped({ protocol, names, wrapped }: Connection): void {
  const isComplete = wrapped.length < MAX_NOTED;
  for (const restore of wrapped.splice(0)) restore();
  if (!isComplete && protocol !== undefined) unwatch(protocol, names);
}

/** Restores all handlers of a server or client, whichever connection they were wrapped for. */
export function unwatch(protocol: ProtocolLike, names: TargetNames): void {
  for (const handlers of [protocol._requestHandlers, protocol._notificationHandlers]) {
    if (!(handlers instanceof Map)) continue;
    for (const [method, handler] of handlers as Map<unknown, unknown>) {
      const original = originalOf(handler);
      if (original !== undefined) handlers.set(method, original);
    }
  }
  for (const key of ['fallbackRequestHandler', 'fallbackNotificationHandler']) restoreProperty(protocol, key);
  for (const tool of names.toolEntries()) {
    if (!isRecord(tool)) continue;
    for (const key of TOOL_CALLBACKS) {
      restoreProperty(tool, key);
      const tasks = tool[key];
      if (isRecord(tasks)) for (const step of TASK_CALLBACKS) restoreProperty(tasks, step);
    }
  }
}

type Wrap = (handler: AnyFunction) => AnyFunction;
type Wrapped = (() => void)[];

function wrapTool(tool: Record<string, unknown>, wrapped: Wrapped): void {
  for (const key of TOOL_CALLBACKS) {
    const callback = tool[key];
    if (isFunction(callback)) {
      wrapProperty(tool, key, reportingHandler, wrapped);
      return;
    }
    if (!isRecord(callback)) continue;
    for (const step of TASK_CALLBACKS) wrapProperty(callback, step, reportingHandler, wrapped);
  }
}

function wrapEntry(handlers: unknown, method: string, wrap: Wrap, wrapped: Wrapped): boolean {
  const handler: unknown = handlers instanceof Map ? handlers.get(method) : undefined;
  if (!(handlers instanceof Map) || !isFunction(handler)) return false;
  if (isWatched(handler)) return true;
  handlers.set(method, wrap(handler));
  note(wrapped, () => {
    const original = originalOf(handlers.get(method));
    if (original !== undefined) handlers.set(method, original);
  });
  return true;
}

function wrapProperty(target: object, key: string, wrap: Wrap, wrapped: Wrapped): void {
  const handler: unknown = Reflect.get(target, key);
  if (!isFunction(handler) || isWatched(handler)) return;
  Reflect.set(target, key, wrap(handler));
  note(wrapped, () => {
    restoreProperty(target, key);
  });
}

/** A server whose handlers are replaced all the time has them wrapped all the time. */
function note(wrapped: Wrapped, restore: () => void): void {
  if (wrapped.length < MAX_NOTED) wrapped.push(restore);
}

function restoreProperty(target: object, key: string): void {
  const original = originalOf(Reflect.get(target, key));
  if (original === undefined) return;
  // A method of a class becomes inherited again.
  if (Reflect.get(Reflect.getPrototypeOf(target) ?? {}, key) === original) Reflect.deleteProperty(target, key);
  else Reflect.set(target, key, original);
}

function originalOf(handler: unknown): AnyFunction | undefined {
  return isFunction(handler) ? (handler as Watched)[ORIGINAL] : undefined;
}

function isWatched(handler: Watched): boolean {
  return handler[ORIGINAL] !== undefined;
}

/** Wraps a handler transparently: `this`, arguments, result, promise and exception pass through unchanged. */
function reportingHandler(handler: AnyFunction): AnyFunction {
  function watched(this: unknown, ...args: unknown[]): unknown {
    const operation = operationHere();
    let result: unknown;
    try {
      result = handler.apply(this, args);
    } catch (thrown) {
      operation?.threw(thrown);
      throw thrown;
    }
    onSettled(result, ignore, (thrown) => {
      operation?.threw(thrown);
    });
    return result;
  }
  return keep(watched, handler);
}

/** Like `reportingHandler`, and also ends the operation when the handler is done: a notification has no response. */
function endingHandler(handler: AnyFunction): AnyFunction {
  function watched(this: unknown, ...args: unknown[]): unknown {
    const found = operationHere();
    const operation = found?.parts.id === undefined ? found : undefined;
    if (operation !== undefined) operation.handled = true;
    let result: unknown;
    try {
      result = handler.apply(this, args);
    } catch (thrown) {
      endFailed(operation, thrown);
      throw thrown;
    }
    const later = onSettled(
      result,
      () => operation?.end(SUCCEEDED),
      (thrown) => {
        endFailed(operation, thrown);
      },
    );
    if (!later) operation?.end(SUCCEEDED);
    return result;
  }
  return keep(watched, handler);
}

/** Assigns the property: defining it costs more than the rest of a wrapper, and servers created per request wrap again each time. */
function keep(wrapper: Watched, handler: AnyFunction): AnyFunction {
  wrapper[ORIGINAL] = handler;
  return wrapper;
}

function endFailed(operation: Operation | undefined, thrown: unknown): void {
  if (operation === undefined) return;
  operation.threw(thrown);
  operation.end({ errorType: errorType(thrown) });
}

/** Returns the operation a handler runs in. A context manager that fails must not prevent the handler from running. */
function operationHere(): Operation | undefined {
  try {
    const found = context.active().getValue(OPERATION_KEY);
    return found instanceof Operation ? found : undefined;
  } catch {
    return undefined;
  }
}

function ignore(): void {}
