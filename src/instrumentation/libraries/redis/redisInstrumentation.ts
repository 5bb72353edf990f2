import type { Instrumentation, InstrumentationModuleDefinition } from '@opentelemetry/instrumentation';
import type * as IORedisModule from '@opentelemetry/instrumentation-ioredis';
import { ourRequire } from '../../loading/ourRequire.js';
import { detachedMethod } from './detachedMethod.js';
import type { AnyFunction } from '../../../values/guards.js';

type Base = Instrumentation & { getModuleDefinitions(): InstrumentationModuleDefinition[] };

/**
 * instrumentation-ioredis puts `wrapper` in the place of `sendCommand`: its own wrapper has no metrics, creates two spans for a
 * command that waits, and keeps its arguments (decision 0014). Its wrapper factories are private; `redisInstrumentation.test.ts`
 * fails when an upgrade renames one. Returns a function that restores both methods it patches.
 */
export function putOnRedis(prototype: object, wrapper: AnyFunction): () => void {
  const { IORedisInstrumentation } = ourRequire()('@opentelemetry/instrumentation-ioredis') as typeof IORedisModule;
  const Patching = IORedisInstrumentation as unknown as new (config: IORedisModule.IORedisInstrumentationConfig) => Base;
  class RedisWithOurWrapper extends Patching {
    _patchSendCommand = () => () => wrapper;
    // What arrives on a connection during its lifetime is not part of the span in which it was opened.
    _patchConnection = () => detachedMethod;
  }
  const methods = ['sendCommand', 'connect'].map((name) => [name, Object.getOwnPropertyDescriptor(prototype, name)] as const);
  const [definition] = new RedisWithOurWrapper({ enabled: false }).getModuleDefinitions();
  definition?.patch?.({ prototype });
  if (Reflect.get(prototype, 'sendCommand') !== wrapper)
    throw new TypeError('this version of instrumentation-ioredis does not patch sendCommand as expected');
  const ours = methods.map(([name]) => Reflect.get(prototype, name) as unknown);
  for (const method of ours) if (typeof method === 'function') unmark(method);
  return () => {
    for (const [index, [name, descriptor]] of methods.entries()) {
      // Other code may have wrapped ours since; then it stays.
      if (descriptor !== undefined && Reflect.get(prototype, name) === ours[index]) Object.defineProperty(prototype, name, descriptor);
    }
  };
}

/**
 * Because of these marks, the next instrumentation would remove ours and its measurements; with both in place, spans are left to
 * that one.
 */
function unmark(method: object): void {
  for (const mark of ['__original', '__unwrap', '__wrapped']) Reflect.deleteProperty(method, mark);
}
