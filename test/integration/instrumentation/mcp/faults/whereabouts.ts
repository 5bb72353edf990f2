import type { MetricData } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** Marks what must not get out; each place has a word of its own, so that a leak tells where it came from. */
export function secret(place: string): string {
  return `s3cret-${place}-z`;
}

const SECRET = /s3cret-(.+?)-z/g;

/** Every secret that telemetry shows, as `what it is: where it stands`, sorted and each once. */
export function whereabouts(spans: readonly ReadableSpan[], metrics: readonly MetricData[]): readonly string[] {
  const found = new Set<string>();
  const look = (where: string, value: unknown): void => {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    for (const [, place] of text.matchAll(SECRET)) found.add(`${String(place)}: ${where}`);
  };
  const lookAll = (where: string, attributes: object = {}): void => {
    for (const [key, value] of Object.entries(attributes)) {
      look(`${where} ${key}`, value);
      look(`${where} attribute key`, key);
    }
  };
  for (const span of spans) {
    look('span name', span.name);
    look('span status', span.status.message ?? '');
    look('tracestate', span.spanContext().traceState?.serialize() ?? '');
    lookAll('span', span.attributes);
    for (const event of span.events) {
      look('event name', event.name);
      lookAll('event', event.attributes);
    }
    for (const link of span.links) {
      look('link', link.context.traceState?.serialize() ?? '');
      lookAll('link', link.attributes);
    }
  }
  for (const { descriptor, dataPoints } of metrics) {
    look('metric', descriptor);
    for (const { attributes } of dataPoints) lookAll('metric', attributes);
  }
  return [...found].sort();
}
