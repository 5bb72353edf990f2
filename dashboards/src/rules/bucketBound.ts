import type { MetricDefinition } from '../../../src/telemetry/catalogue/definitions.js';
import { equals, matches } from '../names/selectors.js';
import type { Matcher } from '../names/selectors.js';

/**
 * Returns the matcher for the bucket of a histogram that ends at `bound`, in the metric's unit.
 *
 * @throws {TypeError} if the metric has no such bucket: the rule would silently have no data.
 */
export function upToBound(metric: MetricDefinition, bound: number): Matcher {
  const text = String(bound);
  if (!metric.buckets?.includes(bound)) throw new TypeError(`${metric.name} has no bucket of ${text} ${metric.unit}: use another bound.`);
  // Prometheus 3 writes 2.0 where it scraped the bound; where it was pushed, and in version 2, it stays 2.
  return /^\d+$/.test(text) ? matches('le', `${text}(?:[.]0)?`) : equals('le', text);
}
