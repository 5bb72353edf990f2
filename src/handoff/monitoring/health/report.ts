import type { HealthComponent, HealthReason, HealthState } from '../../../telemetry/catalogue/health.js';
import type { Finding } from './finding.js';

/** The last result of one check. */
export interface CheckResult extends Finding {
  readonly name: HealthComponent;
  readonly isCritical: boolean;
  /** How long the check took, in milliseconds. */
  readonly latencyMs: number;
  /** When it ended, by the wall clock in milliseconds since the epoch: for people. */
  readonly atMs: number;
  /** Class or code of the error that ended the check. */
  readonly errorType?: string;
}

/** A result, and how old it is now. */
export interface AgedResult extends CheckResult {
  readonly ageMs: number;
}

/** The health of the whole. */
export interface HealthReport {
  readonly status: HealthState;
  /** Of the worst part; absent when all are healthy. */
  readonly reason?: HealthReason;
  readonly advice?: string;
  /** In the order of the checks. */
  readonly results: readonly AgedResult[];
  /** How often parts that are healthy are looked at, in milliseconds; it may change while the server runs. */
  readonly intervalMs?: number;
}

const RANK: Readonly<Record<HealthState, number>> = { healthy: 0, degraded: 1, unhealthy: 2 };

/** Unhealthy if a critical part is; degraded if any part is not healthy. A part that was never looked at does not count. */
export function rollUp(results: readonly AgedResult[]): HealthReport {
  const worst = worstOf(results);
  if (worst === undefined || worst.status === 'healthy') return { status: 'healthy', results };
  return {
    status: weightOf(worst) === CRITICAL ? 'unhealthy' : 'degraded',
    ...(worst.reason === undefined ? {} : { reason: worst.reason }),
    ...(worst.advice === undefined ? {} : { advice: worst.advice }),
    results,
  };
}

/** The part to name first: the worst one, and of several the first. */
export function worstOf<Result extends CheckResult>(results: readonly Result[]): Result | undefined {
  return results.reduce<Result | undefined>(
    (worst, result) => (worst === undefined || weightOf(result) > weightOf(worst) ? result : worst),
    undefined,
  );
}

const CRITICAL = 3;

function weightOf({ status, isCritical }: CheckResult): number {
  return status === 'unhealthy' && isCritical ? CRITICAL : RANK[status];
}

/** A result that is older than this many intervals says nothing about now. */
const STALE_INTERVALS = 3;

/** The result as it is to be shown `ageMs` after the check: one that is too old cannot vouch for its part. */
export function aged(result: CheckResult, ageMs: number, intervalMs: number): AgedResult {
  if (ageMs <= STALE_INTERVALS * intervalMs || result.status !== 'healthy') return { ...result, ageMs };
  return {
    ...result,
    ageMs,
    status: 'degraded',
    reason: 'stale',
    advice: 'The last check is too old to go by: look whether the process is stalled or was suspended, and read the health again.',
  };
}
