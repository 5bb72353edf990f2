import type { RedisWatch } from './redisTracking.js';
import type { AnyFunction, Pipeline, RedisPrototype } from './redisTypes.js';
import { wrapUnmarked } from './wrapUnmarked.js';

/**
 * Tells `watch` of each command that is made for a pipeline, also of those that a client puts into one by itself
 * (`enableAutoPipelining`): they are sent later, and all together. Returns what takes the wrapper off.
 */
export function watchPipelines(prototype: RedisPrototype, watch: RedisWatch): () => void {
  const pipelines = pipelinePrototype(prototype);
  if (pipelines === undefined) return () => undefined;
  return wrapUnmarked(pipelines, 'sendCommand', (sendCommand) => {
    return function (this: unknown, ...args: unknown[]): unknown {
      watch.made(args[0], this as Pipeline);
      return Reflect.apply(sendCommand, this, args);
    };
  });
}

/** ioredis does not export the class. It is that of the pipelines of a client, of which making one needs no more than this. */
function pipelinePrototype(prototype: RedisPrototype): object | undefined {
  try {
    const make: unknown = Reflect.get(prototype, 'pipeline');
    if (typeof make !== 'function') return undefined;
    const client: object = Object.assign(Object.create(prototype) as object, { options: {}, scriptsSet: {}, addedBuiltinSet: new Set() });
    const pipeline: unknown = Reflect.apply(make as AnyFunction, client, []);
    const found: unknown = Reflect.getPrototypeOf(pipeline as object);
    return typeof found === 'object' && found !== null && Object.hasOwn(found, 'sendCommand') ? found : undefined;
  } catch {
    return undefined;
  }
}
