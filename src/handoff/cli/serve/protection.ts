import type { Meter } from '@opentelemetry/api';
import type { HandoffConfig } from '../../config/resolve.js';
import type { Admission } from '../../resilience/admission/admission.js';
import { openAdmission } from '../../resilience/admission/openAdmission.js';
import { watchLoopDelay } from '../../resilience/admission/loopDelay.js';
import type { LoopDelay } from '../../resilience/admission/loopDelay.js';
import type { BreakerChange } from '../../resilience/breakerReports.js';
import type { Degradations } from '../../resilience/degradations.js';
import { openDegradations } from '../../resilience/openDegradations.js';
import { createPolicies } from '../../resilience/policies.js';
import type { Policies } from '../../resilience/policies.js';
import { loadPeer } from '../../storage/loadPeer.js';
import type { Log } from '../../../telemetry/log.js';
import { systemClock } from '../../../time/clock.js';
import { admissionSettings } from './admissionSettings.js';

/** What stands between the agents, this process and what it depends on. */
export interface Protection {
  readonly policies: Policies;
  readonly admission: Admission;
  readonly degradations: Degradations;
  /** Shared by the admission and the check of the event loop. */
  readonly loop: LoopDelay;
  close(): void;
}

export async function openProtection(settings: HandoffConfig['settings'], meter: Meter, log: Log): Promise<Protection> {
  const deps = { log, meter, clock: systemClock, random: Math.random };
  const { degradations, close: closeDegradations } = openDegradations(log, meter, systemClock);
  const policies = createPolicies({
    ...deps,
    cockatiel: await loadPeer('cockatiel'),
    onChange: (change) => noteBreaker(degradations, change),
  });
  const loop = watchLoopDelay();
  const { admission, close } = openAdmission(admissionSettings(settings), { ...deps, loop });
  return {
    policies,
    admission,
    degradations,
    loop,
    close: () => {
      policies.close();
      close();
      loop.stop();
      closeDegradations();
    },
  };
}

/** Without its database the server is not degraded but out of order, which health says. */
function noteBreaker(degradations: Degradations, { dependency, state }: BreakerChange): void {
  if (dependency === 'database') return;
  if (state === 'closed') degradations.restore(dependency, 'breaker');
  else degradations.degrade(dependency, 'breaker', 'circuit_open');
}
