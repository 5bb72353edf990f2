import type { MetricDefinition } from '../../../src/telemetry/catalogue/definitions.js';
import { runtimeMetrics } from '../../../src/telemetry/catalogue/runtime.js';

/** Returns a metric of Node's runtime by its name. Throws a `TypeError` when the catalogue has none, as after a renaming. */
export function runtimeMetric(name: string): MetricDefinition {
  const metric = runtimeMetrics.find((candidate) => candidate.name === name);
  if (metric === undefined)
    throw new TypeError(`The catalogue has no runtime metric ${name}: use one of src/telemetry/catalogue/runtime.ts.`);
  return metric;
}
