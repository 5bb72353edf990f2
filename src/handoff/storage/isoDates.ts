import type { Client } from 'pg';
import { isFunction, isRecord, type AnyFunction } from '../../values/guards.js';

/**
 * The class of clients whose connections write dates in the style ISO, the only one that pg reads: of others it makes `null`, or another
 * day, without an error. A server, a database or a role may be set to another. It is sent with the connection's first packet, as drivers of
 * other languages do, so that poolers know it.
 */
export function isoDatesClass(Base: typeof Client): typeof Client {
  const inherited: unknown = Reflect.get(Base.prototype, 'getStartupConf');
  if (!isFunction(inherited)) return Base;
  const startup: AnyFunction = inherited;
  class IsoDatesClient extends Base {
    /** pg's own, which its types do not know. */
    getStartupConf(): object {
      const parameters: unknown = startup.apply(this);
      return { ...(isRecord(parameters) ? parameters : {}), datestyle: 'ISO' };
    }
  }
  return IsoDatesClient;
}
