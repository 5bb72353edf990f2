import type { Refuse } from '../../variables/variable.js';

export interface KeyValue {
  readonly name: string;
  readonly value: string;
}

const ALLOWED = 'name=value, percent-encoded';
export const LIST_ALLOWED = `a list of ${ALLOWED}, separated by commas`;

/**
 * Parses `name=value,name=value`, both percent-encoded, the format of OTEL_RESOURCE_ATTRIBUTES and OTEL_EXPORTER_OTLP_HEADERS.
 * Invalid items are reported only by position: such lists hold tokens, and a token without its name is the usual mistake.
 *
 * @returns one entry per item; `undefined` for an invalid one
 */
export function keyValues(text: string, refuse: Refuse, outcome?: string): readonly (KeyValue | undefined)[] {
  return text
    .split(',')
    .filter((item) => item.trim() !== '')
    .map(
      (item, index) => keyValue(item) ?? refuse({ given: place(index), allowed: ALLOWED, ...(outcome === undefined ? {} : { outcome }) }),
    );
}

export const place = (index: number): string => `item ${index + 1}`;

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
