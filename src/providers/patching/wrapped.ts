/** A method OpenTelemetry's instrumentations check and replace, per package. */
const PROBES: Readonly<Record<string, readonly string[]>> = {
  pg: ['Client', 'prototype', 'query'],
  'pg-pool': ['prototype', 'connect'],
  ioredis: ['prototype', 'sendCommand'],
};

/** Whether some OpenTelemetry instrumentation, ours or a foreign one, has wrapped this copy of the package. */
export function isPatched(packageName: string, exports: unknown): boolean {
  const method = (PROBES[packageName] ?? []).reduce<unknown>(property, exports);
  return typeof method === 'function' && typeof property(method, '__original') === 'function' && typeof property(method, '__unwrap') === 'function';
}

function property(owner: unknown, key: string): unknown {
  return (typeof owner === 'object' && owner !== null) || typeof owner === 'function' ? Reflect.get(owner, key) : undefined;
}
