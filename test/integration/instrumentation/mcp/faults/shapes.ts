import type { Pair } from '../../../../unit/instrumentation/mcp/pair.js';

// What there is to patch on servers, clients and transports, written down so that before and after can be compared.

/** What an object has of its own: flags and kind of each property, and the source of each function, also in maps. */
export function shapeOf(target: unknown): Record<string, string> {
  const shape: Record<string, string> = {};
  for (const key of Reflect.ownKeys(target as object)) {
    const { value, get, set, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(target, key) ?? {};
    const flags = [writable, enumerable, configurable].map(Number).join('');
    shape[String(key)] = `${flags} ${get !== undefined || set !== undefined ? `${String(get)} ${String(set)}` : kindOf(value)}`;
  }
  if (target instanceof Map) for (const [key, value] of target) shape[`entry ${String(key)}`] = kindOf(value);
  return shape;
}

function kindOf(value: unknown): string {
  return typeof value === 'function' ? `${value.name}/${value.length} ${String(value)}` : typeof value;
}

/** Everything of a server or client, and of its transport, that could be patched. */
function shapesOf(instance: object): Record<string, Record<string, string>> {
  const { server, _registeredTools: tools } = instance as { readonly server?: object; readonly _registeredTools?: object };
  const protocol = (server ?? instance) as {
    readonly transport?: { onmessage?: unknown } & object;
    readonly _requestHandlers: object;
    readonly _notificationHandlers: object;
  };
  const shapes = {
    instance: shapeOf(instance),
    protocol: shapeOf(protocol),
    requests: shapeOf(protocol._requestHandlers),
    notifications: shapeOf(protocol._notificationHandlers),
  };
  const registered = Object.entries(tools ?? {}).map(([name, tool]) => [`tool ${name}`, shapeOf(tool)]);
  return {
    ...shapes,
    ...(protocol.transport === undefined ? {} : { transport: shapeOf(protocol.transport) }),
    ...Object.fromEntries(registered),
  };
}

export function lineOf(instance: object): object[] {
  const line: object[] = [];
  for (
    let each: object | null = Reflect.getPrototypeOf(instance);
    each !== null && each !== Object.prototype;
    each = Reflect.getPrototypeOf(each)
  )
    line.push(each);
  return line;
}

export function both(pair: Pair): Record<string, unknown> {
  return { server: shapesOf(pair.server), client: shapesOf(pair.client) };
}
