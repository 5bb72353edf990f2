import type { Attributes } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';

const NONE: ReadonlySet<string> = new Set();

/** Prometheus keeps these for itself; `__name__` would rename the series. */
const RESERVED = /^__.*__$/;

/** Labels a series has anyway, which no attribute may give it a second time. */
export const SCOPE_LABELS: ReadonlySet<string> = new Set(['otel_scope_name', 'otel_scope_schema_url', 'otel_scope_version']);
export const HISTOGRAM_LABELS: ReadonlySet<string> = new Set([...SCOPE_LABELS, 'le']);

/**
 * The label a resource or point attribute becomes, as Prometheus' OTLP endpoint has it (otlptranslator 1.x with
 * Prometheus 3's defaults).
 */
function labelName(attribute: string): string {
  const name = attribute.replace(/[^A-Za-z0-9]/g, '_');
  if (/^\d/.test(name)) return `key_${name}`;
  // Of nothing but underscores, as names in other scripts become, Prometheus' endpoint refuses the whole point.
  return /^(?:_(?!_)|_+$)/.test(name) ? `key${name}` : name;
}

/**
 * Attributes as the inside of `{…}`. Names that become one label share it, their values joined by `;` in the order of
 * the names, as OpenTelemetry's specification asks: a label given twice would make the whole answer unreadable.
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
    // An empty value means no label to Prometheus.
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

/** Labels of what made the metric, which keep series of two libraries apart. */
export function scopeLabels({ name, version, schemaUrl }: InstrumentationScope): string {
  const labels = [label('otel_scope_name', name)];
  if (schemaUrl !== undefined && schemaUrl !== '') labels.push(label('otel_scope_schema_url', schemaUrl));
  if (version !== undefined && version !== '') labels.push(label('otel_scope_version', version));
  return labels.join(',');
}

export function label(name: string, value: string): string {
  return `${name}="${value.replace(/[\\\n"]/g, escaped)}"`;
}

/** Labels of several kinds, any of which may be missing. */
export function joined(...labels: readonly string[]): string {
  return labels.filter((part) => part !== '').join(',');
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
