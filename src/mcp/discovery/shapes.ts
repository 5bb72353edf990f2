import type { HandlerFactory } from './types.js';

// Names alone would do for today's versions; members make sure that a class of another kind is never patched.

function prototypeOf(value: unknown): object | undefined {
  const prototype: unknown = typeof value === 'function' ? value.prototype : undefined;
  return typeof prototype === 'object' && prototype !== null ? prototype : undefined;
}

function classWith(value: unknown, members: readonly string[]): object | undefined {
  const prototype = prototypeOf(value);
  if (prototype === undefined) return undefined;
  return members.every((member) => typeof Object.getOwnPropertyDescriptor(prototype, member)?.value === 'function') ? prototype : undefined;
}

export function protocolPrototype(value: unknown): object | undefined {
  return classWith(value, ['connect', 'setRequestHandler', 'request']);
}

/** v1 began with `tool`, v2 has only `registerTool`. */
export function mcpServerPrototype(value: unknown): object | undefined {
  return classWith(value, ['connect', 'registerTool']) ?? classWith(value, ['connect', 'tool']);
}

export function stdioTransportPrototype(value: unknown): object | undefined {
  return classWith(value, ['start', 'send', 'close']);
}

export function handlerFactory(value: unknown): HandlerFactory | undefined {
  return typeof value === 'function' ? (value as HandlerFactory) : undefined;
}
