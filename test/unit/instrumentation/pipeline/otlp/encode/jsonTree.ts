const DOUBLES: ReadonlySet<string> = new Set(['doubleValue', 'asDouble', 'sum', 'min', 'max', 'explicitBounds']);
const INTEGERS: ReadonlySet<string> = new Set(['intValue', 'asInt', 'count', 'zeroCount', 'bucketCounts']);
/** Names that say which kind of value there is, also when it is the default. */
const KINDS: ReadonlySet<string> = new Set([
  'stringValue',
  'boolValue',
  'intValue',
  'doubleValue',
  'arrayValue',
  'kvlistValue',
  'asInt',
  'asDouble',
  'sum',
  'min',
  'max',
  'gauge',
  'histogram',
  'exponentialHistogram',
]);

/**
 * A request in OTLP/JSON without what encoders may write in two ways: defaults are left out, 64-bit integers are numbers.
 * Numbers that JSON lacks are `null`, which is what OpenTelemetry's codec makes of them, and integers beyond 64 bits doubles.
 */
export function jsonTree(request: Uint8Array): unknown {
  return JSON.parse(Buffer.from(request).toString(), function revive(this: unknown, key, value: unknown): unknown {
    if (Array.isArray(value)) {
      const list = value as unknown[];
      const items = INTEGERS.has(key) ? list.map(Number) : DOUBLES.has(key) ? list.map(finite) : list;
      return items.length === 0 && !KINDS.has(key) ? undefined : items;
    }
    if (DOUBLES.has(key)) return finite(value);
    if (INTEGERS.has(key)) return Number(value);
    if (typeof value === 'object' && value !== null) return objectTree(value as Record<string, unknown>, key);
    return isDefault(value) && !KINDS.has(key) && !/^\d+$/.test(key) ? undefined : value;
  });
}

function objectTree(fields: Record<string, unknown>, key: string): unknown {
  const { intValue, schemaUrl, ...rest } = fields;
  const isBeyond = typeof intValue === 'number' && Math.abs(intValue) >= 2 ** 63;
  // OpenTelemetry's codec writes a schema into the resource, where OTLP has none.
  const tree = isBeyond ? { ...rest, doubleValue: intValue } : key === 'resource' ? { ...rest } : fields;
  // Inside a list nothing may vanish.
  return Object.keys(tree).length === 0 && !KINDS.has(key) && !/^\d*$/.test(key) ? undefined : tree;
}

function isDefault(value: unknown): boolean {
  return value === 0 || value === '' || value === false || value === null;
}

function finite(value: unknown): unknown {
  return Number.isFinite(value) ? value : null;
}
