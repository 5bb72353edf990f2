import type { Degradation } from '../../../resilience/degradations.js';
import { resilienceEvents } from '../../../../telemetry/catalogue/resilience.js';
import { degraded, healthy } from '../finding.js';
import type { HealthCheck } from '../finding.js';

const SEE_LOG = `Records ${resilienceEvents.featureDegraded.name} of the log say why. What is off is used again by itself once it works.`;
const SLOW = 'What is off could not be read in time: look whether the process is stalled.';

/**
 * Looks at what calls do without. The other checks ask the parts themselves; this one tells what callers get in the meantime, such as
 * while a circuit breaker still leaves alone a part that has begun to answer.
 */
export function featuresCheck(listDegradations: () => readonly Pick<Degradation, 'feature' | 'effect'>[]): HealthCheck {
  return {
    name: 'features',
    isCritical: false,
    adviceWhenSlow: SLOW,
    run: async () => {
      const off = listDegradations();
      if (off.length === 0) return healthy();
      const effects = off.map(({ effect }) => effect).join(' ');
      return degraded('left_out', `${effects} ${SEE_LOG}`, Object.fromEntries(off.map(({ feature }) => [`${feature}Off`, true])));
    },
  };
}
