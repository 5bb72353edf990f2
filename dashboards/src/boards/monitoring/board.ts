import { boards } from '../../boardList.js';
import { cachePanels } from '../../panels/cache.js';
import type { BoardSpec } from '../../panels/spec.js';
import { coreVariables } from '../../panels/variables.js';
import { admissionRow } from './admission.js';
import { breakersRow } from './breakers.js';
import { cacheTimes } from './cacheTimes.js';
import { featuresRow } from './features.js';
import { figuresRow } from './figures.js';
import { limitsRow } from './limits.js';
import { measurementsRow } from './measurements.js';
import { partsRow } from './parts.js';
import { thresholdsRow } from './thresholds.js';

/** What handoff servers say about themselves, and how they protect themselves and what they depend on. */
export function monitoringBoard(): BoardSpec {
  return {
    identity: boards.monitoring,
    variables: coreVariables(),
    rows: [
      figuresRow(),
      partsRow(),
      featuresRow(),
      breakersRow(),
      admissionRow(),
      limitsRow(),
      { title: 'Cache', panels: [...cachePanels(), cacheTimes()] },
      measurementsRow(),
      thresholdsRow(),
    ],
    hours: 6,
  };
}
