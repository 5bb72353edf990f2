import { isProxy } from 'node:util/types';

/**
 * How a property takes a change, found out without reading or assigning it: getters may throw, and setters may wrap what
 * they are given or add it to a list.
 *
 * `plain`: it keeps what it is given. `accessor`: code of the host runs when it is read or assigned. `closed`: it cannot be
 * replaced (frozen, fixed), or nobody knows what happens then (Proxies).
 */
export type PropertyKind = 'plain' | 'accessor' | 'closed';

/** Throws only what traps of a Proxy on the prototype chain throw. */
export function propertyKind(target: object, key: PropertyKey): PropertyKind {
  if (isProxy(target)) return 'closed';
  const own = Object.getOwnPropertyDescriptor(target, key);
  if (own !== undefined) {
    if (isAccessor(own)) return own.configurable === true ? 'accessor' : 'closed';
    return own.writable === true || own.configurable === true ? 'plain' : 'closed';
  }
  if (!Object.isExtensible(target)) return 'closed';
  const inherited = inheritedProperty(target, key);
  return inherited !== undefined && isAccessor(inherited) ? 'accessor' : 'plain';
}

/** The nearest descriptor, own or inherited. */
export function propertyOf(target: object, key: PropertyKey): PropertyDescriptor | undefined {
  return Object.getOwnPropertyDescriptor(target, key) ?? inheritedProperty(target, key);
}

function inheritedProperty(target: object, key: PropertyKey): PropertyDescriptor | undefined {
  // Nearly all are classes without accessors of these names, and asking `in` first costs a tenth of a walk in vain.
  const prototype = Reflect.getPrototypeOf(target);
  if (prototype === null || !(key in prototype)) return undefined;
  for (let holder: object | null = prototype; holder !== null; holder = Reflect.getPrototypeOf(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}

function isAccessor(descriptor: PropertyDescriptor): boolean {
  return descriptor.get !== undefined || descriptor.set !== undefined;
}
