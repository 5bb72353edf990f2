import type { Instrumentation, InstrumentationModuleDefinition } from '@opentelemetry/instrumentation';
import type * as IORedisModule from '@opentelemetry/instrumentation-ioredis';
import { ourRequire } from '../../loading/ourRequire.js';
import { detachedMethod } from './detachedMethod.js';
import type { AnyFunction } from './redisTypes.js';

type Base = Instrumentation & { getModuleDefinitions(): InstrumentationModuleDefinition[] };

/**
 * instrumentation-ioredis puts `wrapper` in the place of `sendCommand`: what it would put there has no metrics, makes two spans
 * of a command that waits, and keeps its arguments (decision 0014). Its factories for wrappers are private;
 * `redisInstrumentation.test.ts` fails when an upgrade renames one. Returns what restores both methods it patches.
 */
export function putOnRedis(prototype: object, wrapper: AnyFunction): () => void {
  const { IORedisInstrumentation } = ourRequire()('@opentelemetry/instrumentation-ioredis') as typeof IORedisModule;
  const Patching = IORedisInstrumentation as unknown as new (config: IORedisModule.IORedisInstrumentationConfig) => Base;
  class RedisWithOurWrapper extends Patching {
    _patchSendCommand = () => () => wrapper;
    // What arrives on a connection, for as long as it lasts, is not part of the span in which it is made.
    _patchConnection = () => detachedMethod;
  }
  const methods = ['sendCommand', 'connect'].map((name) => [name, Object.getOwnPropertyDescriptor(prototype, name)] as const);
  const [definition] = new RedisWithOurWrapper({ enabled: false }).getModuleDefinitions();
  definition?.patch?.({ prototype });
  if (Reflect.get(prototype, 'sendCommand') !== wrapper)
    throw new TypeError('this version of instrumentation-ioredis does not patch sendCommand as we know it');
  const ours = methods.map(([name]) => Reflect.get(prototype, name) as unknown);
  for (const method of ours) if (typeof method === 'function') unmark(method);
  return () => {
    for (const [index, [name, descriptor]] of methods.entries()) {
      // Someone may have wrapped ours since; then it stays.
      if (descriptor !== undefined && Reflect.get(prototype, name) === ours[index]) Object.defineProperty(prototype, name, descriptor);
    }
  };
}

/** By these marks the next instrumentation would take ours off, and its measurements with it; with both, spans are left to that one. */
function unmark(method: object): void {
  for (const mark of ['__original', '__unwrap', '__wrapped']) Reflect.deleteProperty(method, mark);
}
