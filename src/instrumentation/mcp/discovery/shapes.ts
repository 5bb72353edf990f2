import type { HandlerFactory } from './types.js';

// Names alone would be enough for today's versions; checking members ensures that an unrelated class is never patched.

function prototypeOf(value: unknown): object | undefined {
  const prototype: unknown = typeof value === 'function' ? value.prototype : undefined;
  return typeof prototype === 'object' && prototype !== null ? prototype : undefined;
}

function hasOwnMethods(prototype: object, names: readonly string[]): boolean {
  return names.every((name) => typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function');
}

const isProtocol = (prototype: object): boolean => hasOwnMethods(prototype, ['connect', 'setRequestHandler', 'request']);

/** v1 began with `tool`, v2 has only `registerTool`. */
const isMcpServer = (prototype: object): boolean =>
  hasOwnMethods(prototype, ['connect', 'registerTool']) || hasOwnMethods(prototype, ['connect', 'tool']);

/** The v2 client asks for the protocol version before it calls its inherited `connect`. */
const isClient = (prototype: object): boolean => hasOwnMethods(prototype, ['connect', 'callTool']);

const isStdioTransport = (prototype: object): boolean => hasOwnMethods(prototype, ['start', 'send', 'close']);

function classWith(value: unknown, isWanted: (prototype: object) => boolean): object | undefined {
  const prototype = prototypeOf(value);
  return prototype !== undefined && isWanted(prototype) ? prototype : undefined;
}

export function protocolPrototype(value: unknown): object | undefined {
  return classWith(value, isProtocol);
}

export function mcpServerPrototype(value: unknown): object | undefined {
  return classWith(value, isMcpServer);
}

export function clientPrototype(value: unknown): object | undefined {
  return classWith(value, isClient);
}

export function stdioTransportPrototype(value: unknown): object | undefined {
  return classWith(value, isStdioTransport);
}

/** Returns the `Protocol` in a prototype chain: the topmost match, as subclasses override its methods. */
export function protocolAbove(prototype: object): object | undefined {
  return uppermost(prototype, isProtocol);
}

export function mcpServerAbove(prototype: object): object | undefined {
  return uppermost(prototype, isMcpServer);
}

function uppermost(start: object, isWanted: (prototype: object) => boolean): object | undefined {
  let found: object | undefined;
  for (let prototype: object | null = start; prototype !== null; prototype = Reflect.getPrototypeOf(prototype))
    if (isWanted(prototype)) found = prototype;
  return found;
}

export function handlerFactory(value: unknown): HandlerFactory | undefined {
  return typeof value === 'function' ? (value as HandlerFactory) : undefined;
}
