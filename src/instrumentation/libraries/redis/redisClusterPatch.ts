import { context } from '@opentelemetry/api';
import { detachedMethod } from './detachedMethod.js';
import type { RedisWatch } from './redisTracking.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { Client } from './redisTypes.js';
import { wrapUnmarked } from './wrapUnmarked.js';

/**
 * Notifies `watch` of each command that is given to a Cluster, which may hold it until the Cluster is ready and may send it to
 * several nodes. What a Cluster does for itself (discovering its nodes, asking which node has which slots) is started outside any
 * span. Returns a function that removes the wrappers.
 *
 * @param clusterClass returns the class once it exists
 */
export function watchCluster(clusterClass: () => unknown, watch: RedisWatch): () => void {
  const steps: (() => void)[] = [];
  let isOver = false;
  const cover = (): boolean => {
    const clusters = prototypeOf(clusterClass());
    if (clusters !== undefined && !isOver) steps.push(...wrapAll(clusters, watch));
    return clusters !== undefined;
  };
  // ioredis 4 puts the class on its export only after the file with `Redis` has loaded.
  if (!cover()) queueMicrotask(cover);
  return () => {
    isOver = true;
    for (const step of steps.splice(0)) step();
  };
}

function prototypeOf(cluster: unknown): object | undefined {
  const prototype: unknown = typeof cluster === 'function' ? cluster.prototype : undefined;
  return typeof prototype === 'object' && prototype !== null && 'sendCommand' in prototype ? prototype : undefined;
}

function wrapAll(clusters: object, watch: RedisWatch): (() => void)[] {
  const sendCommand = (original: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]): unknown {
      watch.given(args[0], this as Client);
      return Reflect.apply(original, this, args);
    };
  return [
    wrapUnmarked(clusters, 'sendCommand', sendCommand),
    wrapUnmarked(clusters, 'connect', detachedMethod),
    wrapUnmarked(clusters, 'refreshSlotsCache', detachedMethod),
    wrapUnmarked(clusters, 'delayUntilReady', inCallersContext),
  ];
}

/** With automatic pipelines, a command is created only once the Cluster knows its slots. */
function inCallersContext(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const from = context.active();
    return Reflect.apply(
      original,
      this,
      args.map((arg) => (typeof arg === 'function' ? context.bind(from, arg) : arg)),
    );
  };
}
