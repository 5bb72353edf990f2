import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { RedisCommands, RedisMessage } from './redisCommands.js';
import { putOnRedis } from './redisInstrumentation.js';
import { isWrappedByOther } from './wrapped.js';

/** A command of ioredis, as far as all versions have it. */
interface Command {
  readonly name: unknown;
  readonly args: unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** A client. */
interface Client {
  readonly status?: unknown;
  readonly options?: { readonly path?: unknown; readonly host?: unknown; readonly port?: unknown; readonly db?: unknown };
  readonly condition?: { readonly select?: unknown } | null;
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type SendCommand = (this: Client, command: Command, ...rest: unknown[]) => unknown;

export interface RedisPrototype {
  sendCommand: SendCommand;
}

/** What the client itself sends when it connects. Nobody asked for these in the span that happens to be active. */
const HANDSHAKE: ReadonlySet<unknown> = new Set(['auth', 'client', 'hello', 'info', 'readonly', 'select']);

/** Whether this version publishes its commands (5.11 and later); told by the method that makes the message, since bundles have no version. */
export function hasRedisChannel(prototype: object): boolean {
  return '_buildCommandContext' in prototype;
}

/**
 * Wraps `sendCommand` of one copy of ioredis, which is looked up at each call, so clients made earlier are covered too.
 *
 * It tells `commands` of each command; `byChannel`, for a copy whose channel does so, it only gives commands that had to wait
 * for the connection the context they were given in. In both cases commands that another instrumentation makes spans of are
 * measured only. Returns what takes the wrapper off again.
 */
export function patchRedis(prototype: RedisPrototype, commands: RedisCommands, byChannel = false): () => void {
  const original = prototype.sendCommand;
  const send = byChannel ? inContextOfCall(original) : toldOf(original, commands);
  let isActive = true;
  const sendCommand: SendCommand = function sendCommand(...args) {
    if (!isActive) return Reflect.apply(original, this, args);
    const isMeasuredOnly = isWrappedByOther(original) || isWrappedByOther(prototype.sendCommand) || isHandshake(this, args[0]);
    return isMeasuredOnly ? commands.withoutSpans(() => Reflect.apply(send, this, args)) : Reflect.apply(send, this, args);
  };
  Object.defineProperty(sendCommand, 'length', { value: original.length, configurable: true });
  const takeOff = byChannel || isWrappedByOther(original) ? putOn(prototype, sendCommand) : putOnRedis(prototype, sendCommand as AnyFunction);
  return () => {
    isActive = false;
    takeOff();
  };
}

/** Over what another instrumentation put there, which instrumentation-ioredis would take off, or beside the channel. */
function putOn(prototype: RedisPrototype, sendCommand: SendCommand): () => void {
  const original = prototype.sendCommand;
  prototype.sendCommand = sendCommand;
  return () => {
    // Someone may have wrapped ours since; then it stays, and passes everything through.
    if (prototype.sendCommand === sendCommand) prototype.sendCommand = original;
  };
}

function isHandshake({ status }: Client, command: Command | undefined): boolean {
  return status === 'connect' && HANDSHAKE.has(command?.name);
}

function inContextOfCall(original: SendCommand): SendCommand {
  const waiting = new WeakMap<Command, Context>();
  return function sendCommand(...args) {
    const [command] = args;
    const asked = waiting.get(command);
    if (asked !== undefined) {
      waiting.delete(command);
      return context.with(asked, () => Reflect.apply(original, this, args));
    }
    if (this.status !== 'ready' && typeof command === 'object') waiting.set(command, context.active());
    return Reflect.apply(original, this, args);
  };
}

function toldOf(original: SendCommand, commands: RedisCommands): SendCommand {
  // A command that waits for the connection comes by again when it is sent.
  const seen = new WeakSet<Command>();
  return function sendCommand(...args) {
    const [command] = args;
    if (isCommand(command) && !seen.has(command)) {
      seen.add(command);
      tell(this, command, commands);
    }
    return Reflect.apply(original, this, args);
  };
}

/** Not by its promise: whoever looks at that hides from the host that nobody handles a rejection. */
function tell(client: Client, command: Command, commands: RedisCommands): void {
  try {
    const message = messageOf(client, command);
    commands.start(message);
    const { resolve, reject } = command;
    command.resolve = (value) => {
      commands.end(message);
      resolve(value);
    };
    command.reject = (error) => {
      commands.end(message, error);
      reject(error);
    };
  } catch {
    // The command goes on untraced.
  }
}

function messageOf({ condition, options = {} }: Client, { name, args }: Command): RedisMessage {
  const { path, host, port, db } = options;
  return {
    command: name,
    args,
    database: condition?.select ?? db ?? 0,
    ...(typeof path === 'string' ? { serverAddress: path } : { serverAddress: host, serverPort: port }),
  };
}

function isCommand(value: unknown): value is Command {
  return typeof value === 'object' && value !== null && 'name' in value && 'resolve' in value && 'reject' in value;
}
