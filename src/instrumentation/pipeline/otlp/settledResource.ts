import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';

/**
 * Returns the items unchanged or, while the host id is still being looked up, copies whose resource lacks it: reading a pending
 * resource makes the SDK write a complaint between the lines of an ending process.
 */
export function withSettledResource<T>(payload: T, resource: Resource): T {
  if (resource.asyncAttributesPending !== true || !Array.isArray(payload)) return payload;
  const settled = { attributes: settledAttributes(resource), schemaUrl: resource.schemaUrl };
  return payload.map((item: object) => Object.create(item, { resource: { value: settled } }) as unknown) as T;
}

function settledAttributes(resource: Resource): Attributes {
  const attributes: Attributes = {};
  // The first value of a name wins, as in the SDK.
  for (const [key, value] of resource.getRawAttributes()) {
    if (value === undefined || isPromise(value)) continue;
    attributes[key] ??= value;
  }
  return attributes;
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
