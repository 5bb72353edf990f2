import type { Attributes } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';

const NONE: ReadonlySet<string> = new Set();

/** Prometheus reserves these; `__name__` would rename the series. */
const RESERVED = /^__.*__$/;

/** Labels a series always has, which no attribute may add a second time. */
export const SCOPE_LABELS: ReadonlySet<string> = new Set(['otel_scope_name', 'otel_scope_schema_url', 'otel_scope_version']);
export const HISTOGRAM_LABELS: ReadonlySet<string> = new Set([...SCOPE_LABELS, 'le']);

/**
 * Returns the label that a resource or point attribute becomes, as Prometheus' OTLP endpoint names it (otlptranslator 1.x with
 * Prometheus 3's defaults).
 */
function labelName(attribute: string): string {
  const name = attribute.replace(/[^A-Za-z0-9]/g, '_');
  if (/^\d/.test(name)) return `key_${name}`;
  // Prometheus' endpoint refuses the whole point for a name of nothing but underscores, as names in other scripts become.
  return /^(?:_(?!_)|_+$)/.test(name) ? `key${name}` : name;
}

/**
 * Returns attributes as the inside of `{…}`. Names that become one label share it, their values joined by `;` in the order of the
 * names, as OpenTelemetry's specification requires: a duplicate label would make the whole answer unreadable.
 *
 * @param leftOut called with the attributes that cannot be a label
 */
export function attributeLabels(
  attributes: Attributes,
  reserved: ReadonlySet<string> = NONE,
  leftOut: (attribute: string) => void = () => {},
): string {
  const labels = new Map<string, string>();
  for (const key of Object.keys(attributes).toSorted()) {
    const text = valueText(attributes[key]);
    const name = labelName(key);
    // To Prometheus, an empty value means no label.
    if (text === '' || name === '') continue;
    if (reserved.has(name) || RESERVED.test(name)) {
      leftOut(key);
      continue;
    }
    const known = labels.get(name);
    labels.set(name, known === undefined ? text : `${known};${text}`);
  }
  return [...labels].map(([name, text]) => label(name, text)).join(',');
}

/** Returns the labels of the instrumentation scope, which distinguish series of two libraries. */
export function scopeLabels({ name, version, schemaUrl }: InstrumentationScope): string {
  const labels = [label('otel_scope_name', name)];
  if (schemaUrl !== undefined && schemaUrl !== '') labels.push(label('otel_scope_schema_url', schemaUrl));
  if (version !== undefined && version !== '') labels.push(label('otel_scope_version', version));
  return labels.join(',');
}

export function label(name: string, value: string): string {
  return `${name}="${value.replace(/[\\\n"]/g, escaped)}"`;
}

/** Joins labels of several kinds, any of which may be missing. */
export function joined(...labels: readonly string[]): string {
  return labels.filter((part) => part !== '').join(',');
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}

/** Half a surrogate pair becomes what it is in UTF-8, so that texts which look alike there are one series. */
function valueText(value: unknown): string {
  return (typeof value === 'string' ? value : jsonOf(value)).toWellFormed();
}

/** JavaScript lets a host give anything as a value, such as a function it forgot to call: one that has no JSON is no value. */
function jsonOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  try {
    const json: unknown = JSON.stringify(value);
    return typeof json === 'string' ? json : '';
  } catch {
    return '';
  }
}
