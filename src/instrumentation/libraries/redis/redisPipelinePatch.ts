import type { RedisWatch } from './redisTracking.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { Pipeline, RedisPrototype } from './redisTypes.js';
import { wrapUnmarked } from './wrapUnmarked.js';

/**
 * Notifies `watch` of each command that is created for a pipeline, including those that a client puts into a pipeline of its own
 * (`enableAutoPipelining`): they are sent later, all together. Returns a function that removes the wrapper.
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

/** ioredis does not export the class. It is the class of a client's pipelines, and creating one needs no more than this. */
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
