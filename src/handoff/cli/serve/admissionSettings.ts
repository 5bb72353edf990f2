import type { HandoffConfig } from '../../config/resolve.js';
import { LEAST_CONCURRENT } from '../../resilience/admission/admission.js';
import type { AdmissionSettings } from '../../resilience/admission/admission.js';

/** How calls are admitted, as the variables say. */
export function admissionSettings(settings: HandoffConfig['settings']): AdmissionSettings {
  return {
    minConcurrent: Math.max(LEAST_CONCURRENT, settings.HANDOFF_PG_POOL_SIZE),
    maxConcurrent: settings.HANDOFF_MAX_CONCURRENT_CALLS,
    isAdaptive: settings.HANDOFF_ADAPTIVE_CONCURRENCY,
    maxWaiting: settings.HANDOFF_MAX_WAITING_CALLS,
    maxWaitMs: settings.HANDOFF_CALL_WAIT_TIMEOUT_MS,
  };
}
