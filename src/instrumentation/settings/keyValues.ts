export interface KeyValue {
  readonly name: string;
  readonly value: string;
}

/**
 * Reads `name=value,name=value`, both percent-encoded, as OTEL_RESOURCE_ATTRIBUTES and OTEL_EXPORTER_OTLP_HEADERS have it.
 *
 * @returns one entry per item; `undefined` for an item that has no name or no `=`, or cannot be decoded
 */
export function keyValues(text: string): readonly (KeyValue | undefined)[] {
  return text
    .split(',')
    .filter((item) => item.trim() !== '')
    .map(keyValue);
}

function keyValue(item: string): KeyValue | undefined {
  const at = item.indexOf('=');
  const name = decoded(item.slice(0, Math.max(at, 0)));
  const value = decoded(item.slice(at + 1));
  return name === undefined || name === '' || value === undefined ? undefined : { name, value };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return undefined;
  }
}
