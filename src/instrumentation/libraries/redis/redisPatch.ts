import { detachedMethod } from './detachedMethod.js';
import { watchCluster } from './redisClusterPatch.js';
import type { RedisCommands } from './redisCommands.js';
import { RedisContexts } from './redisContexts.js';
import { putOnRedis } from './redisInstrumentation.js';
import { isOwnWork } from './redisOwnWork.js';
import { watchPipelines } from './redisPipelinePatch.js';
import { RedisTracking } from './redisTracking.js';
import { isCommand } from './redisTypes.js';
import type { AnyFunction, RedisPrototype, SendCommand } from './redisTypes.js';
import { wrapUnmarked } from './wrapUnmarked.js';
import { isWrappedByOther } from '../wrapped.js';

/** Whether this version publishes its commands (5.11 and later); told by the method that makes the message, since bundles have no version. */
export function hasRedisChannel(prototype: object): boolean {
  return '_buildCommandContext' in prototype;
}

/**
 * Wraps the methods of one copy of ioredis that a command passes: `sendCommand` of its connections, Clusters and pipelines.
 * They are looked up at each call, so clients made earlier are covered too. Connections are made outside of any span, since they
 * outlive the one that happens to be active.
 *
 * Tells `commands` of each command; `byChannel`, for a copy whose channel does so, only sends those that were made earlier in
 * the context they were made in. In both cases commands that another instrumentation makes spans of are measured only.
 * Returns what takes the wrappers off again.
 */
export function patchRedis(
  prototype: RedisPrototype,
  commands: RedisCommands,
  byChannel = false,
  clusterClass: () => unknown = () => undefined,
): () => void {
  const original = prototype.sendCommand;
  const wasForeign = isWrappedByOther(original);
  const isLeftToOther = (): boolean => wasForeign || isWrappedByOther(prototype.sendCommand);
  const contexts = new RedisContexts();
  const tracking = new RedisTracking(commands, isLeftToOther);
  const send = byChannel ? sentInContext(original, { contexts, commands, isLeftToOther }) : told(original, tracking);
  let isActive = true;
  const sendCommand: SendCommand = function sendCommand(...args) {
    return Reflect.apply(isActive ? send : original, this, args);
  };
  Object.defineProperty(sendCommand, 'length', { value: original.length, configurable: true });
  const watch = byChannel ? contexts : tracking;
  const steps = [
    byChannel || wasForeign ? putOn(prototype, sendCommand) : putOnRedis(prototype, sendCommand as AnyFunction),
    watchCluster(clusterClass, watch),
    watchPipelines(prototype, watch),
  ];
  return () => {
    isActive = false;
    for (const step of steps) step();
  };
}

/** Over what another instrumentation put there, which instrumentation-ioredis would take off, or beside the channel. */
function putOn(prototype: RedisPrototype, sendCommand: SendCommand): () => void {
  const original = prototype.sendCommand;
  prototype.sendCommand = sendCommand;
  const takeOffConnect = wrapUnmarked(prototype, 'connect', detachedMethod);
  return () => {
    takeOffConnect();
    // Someone may have wrapped ours since; then it stays, and passes everything through.
    if (prototype.sendCommand === sendCommand) prototype.sendCommand = original;
  };
}

function told(original: SendCommand, tracking: RedisTracking): SendCommand {
  return function sendCommand(...args) {
    tracking.sent(args[0], this);
    return Reflect.apply(original, this, args);
  };
}

interface Sending {
  readonly contexts: RedisContexts;
  readonly commands: RedisCommands;
  readonly isLeftToOther: () => boolean;
}

function sentInContext(original: SendCommand, { contexts, commands, isLeftToOther }: Sending): SendCommand {
  return function sendCommand(...args) {
    const [command] = args;
    const send = (): unknown => contexts.run(command, this, () => Reflect.apply(original, this, args));
    return isLeftToOther() || (isCommand(command) && isOwnWork(this, command)) ? commands.withoutSpans(send) : send();
  };
}
