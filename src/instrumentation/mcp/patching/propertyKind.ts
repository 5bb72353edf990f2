import { isProxy } from 'node:util/types';

/**
 * How a property can be changed, determined without reading or assigning it: getters may throw, and setters may wrap what
 * they are given or add it to a list.
 *
 * `plain`: it keeps the assigned value. `accessor`: the host's code runs when it is read or assigned. `closed`: it cannot be
 * replaced (frozen, fixed), or the effect is unknown (Proxies).
 */
export type PropertyKind = 'plain' | 'accessor' | 'closed';

/** Determines the kind of a property. Throws only what traps of a Proxy on the prototype chain throw. */
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

/** Returns the nearest descriptor, own or inherited. */
export function propertyOf(target: object, key: PropertyKey): PropertyDescriptor | undefined {
  return Object.getOwnPropertyDescriptor(target, key) ?? inheritedProperty(target, key);
}

function inheritedProperty(target: object, key: PropertyKey): PropertyDescriptor | undefined {
  // Nearly all are classes without accessors of these names, and checking `in` first costs a tenth of an unsuccessful walk.
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
