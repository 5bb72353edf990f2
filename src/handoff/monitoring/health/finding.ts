import type { HealthComponent, HealthReason, HealthState } from '../../../telemetry/catalogue/health.js';

/** What one look at a part of the server found. */
export interface Finding {
  readonly status: HealthState;
  /** A word that never changes its meaning; absent where there is nothing to say. */
  readonly reason?: HealthReason;
  /** One sentence or two that say what to do. Present unless healthy. No host names, credentials or callers' content. */
  readonly advice?: string;
  /** What was measured, with the unit at the end of each name. What could not be measured is absent. */
  readonly details: Details;
}

export type Details = Readonly<Record<string, number | boolean>>;

/** Looks at one part of the server. */
export interface HealthCheck {
  readonly name: HealthComponent;
  /** Whether the server is of no use without this part: then the whole is unhealthy when it is. */
  readonly isCritical: boolean;
  /** What to do when there is no answer, or it takes long. */
  readonly adviceWhenSlow: string;
  /** May hang, reject or throw; all three are findings. */
  run(): Promise<Finding>;
}

/** Values that are `undefined` were not measured and are left out. */
export type Measured = Readonly<Record<string, number | boolean | undefined>>;

export function healthy(measured: Measured = {}, reason?: HealthReason): Finding {
  return { status: 'healthy', ...(reason === undefined ? {} : { reason }), details: present(measured) };
}

export function degraded(reason: HealthReason, advice: string, measured: Measured = {}): Finding {
  return { status: 'degraded', reason, advice, details: present(measured) };
}

export function unhealthy(reason: HealthReason, advice: string, measured: Measured = {}): Finding {
  return { status: 'unhealthy', reason, advice, details: present(measured) };
}

/** `NaN` and infinity are no measurements either, and JSON has no such numbers. */
function present(measured: Measured): Details {
  const details: Record<string, number | boolean> = {};
  for (const [name, value] of Object.entries(measured)) {
    if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) details[name] = value;
  }
  return details;
}
