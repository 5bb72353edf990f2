import { replaceMethod } from '../../patching/replaceMethod.js';
import { detachedMethod } from './detachedMethod.js';
import { watchCluster } from './redisClusterPatch.js';
import type { RedisCommands } from './redisCommands.js';
import { RedisContexts } from './redisContexts.js';
import { putOnRedis } from './redisInstrumentation.js';
import { isOwnWork } from './redisOwnWork.js';
import { watchPipelines } from './redisPipelinePatch.js';
import { RedisTracking } from './redisTracking.js';
import { isCommand } from './redisTypes.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { RedisPrototype, SendCommand } from './redisTypes.js';
import { wrapUnmarked } from './wrapUnmarked.js';
import { isWrappedByOther } from '../wrapped.js';

/**
 * Whether this version publishes its commands (5.11 and later); recognised by the method that builds the message, since bundles
 * have no version.
 */
export function hasRedisChannel(prototype: object): boolean {
  return '_buildCommandContext' in prototype;
}

/**
 * Wraps the methods of one copy of ioredis that a command passes through: `sendCommand` of its connections, Clusters and pipelines.
 * They are looked up at each call, so clients created earlier are covered too. Connections are opened outside any span, since they
 * outlive the one that happens to be active.
 *
 * Notifies `commands` of each command; `byChannel`, for a copy whose channel does so, only sends those that were created earlier in
 * the context they were created in. In both cases, commands that another instrumentation creates spans for are only measured.
 * Returns a function that removes the wrappers.
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
  const send = byChannel ? sentInContext(original, { contexts, commands, isLeftToOther }) : trackedSend(original, tracking);
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

/** Wraps what another instrumentation put there, which instrumentation-ioredis would remove, or wraps beside the channel. */
function putOn(prototype: RedisPrototype, sendCommand: SendCommand): () => void {
  const putBack = replaceMethod(prototype, 'sendCommand', sendCommand);
  const takeOffConnect = wrapUnmarked(prototype, 'connect', detachedMethod);
  return () => {
    takeOffConnect();
    putBack();
  };
}

function trackedSend(original: SendCommand, tracking: RedisTracking): SendCommand {
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
