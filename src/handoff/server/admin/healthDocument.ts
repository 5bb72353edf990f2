import { aged, rollUp } from '../../monitoring/health/report.js';
import type { AgedResult, HealthReport } from '../../monitoring/health/report.js';
import type { HealthComponent, HealthReason, HealthState } from '../../../telemetry/catalogue/health.js';

/** The words of the health format that most probes know (draft-inadarei-api-health-check). */
const WORDS: Readonly<Record<HealthState, HealthWord>> = { healthy: 'pass', degraded: 'warn', unhealthy: 'fail' };
type HealthWord = 'pass' | 'warn' | 'fail';

/** What `/health` answers, and `handoff://health`. */
export interface HealthDocument {
  readonly status: HealthWord;
  readonly state: HealthState;
  readonly reason?: HealthReason;
  readonly advice?: string;
  /** For how long the main thread has given no sign of life, in milliseconds. */
  readonly mainThreadSilentMs: number;
  /** Age of the oldest result, in milliseconds. */
  readonly ageMs: number;
  /** One entry for each part, in a list because the format wants it so. */
  readonly checks: Readonly<Partial<Record<HealthComponent, readonly [ComponentDocument]>>>;
}

export interface ComponentDocument {
  readonly status: HealthWord;
  readonly state: HealthState;
  readonly reason?: HealthReason;
  readonly advice?: string;
  readonly errorType?: string;
  /** When the part was looked at. */
  readonly time: string;
  readonly ageMs: number;
  readonly latencyMs: number;
  readonly isCritical: boolean;
  readonly details: Readonly<Record<string, number | boolean>>;
}

export interface Moment {
  /** How much older the results are than the report says, in milliseconds. */
  readonly elapsedMs: number;
  readonly silentMs: number;
  readonly livenessTimeoutMs: number;
  readonly healthIntervalMs: number;
}

/** From when on a silent main thread is a stall that callers notice. */
const STALLED_MS = 1000;

const STALLED =
  'The main thread is busy and answers no calls: record a CPU profile, and look for large answers and synchronous work of the host.';
const HUNG = 'The main thread has not answered for longer than HANDOFF_LIVENESS_TIMEOUT_MS: restart the process.';

/** Returns the health as it is at this moment: what is kept may be old, and the main thread may be stalled since. */
export function healthDocument(kept: HealthReport, moment: Moment): HealthDocument {
  // The interval may have become longer since the port was opened.
  const healthIntervalMs = Math.max(moment.healthIntervalMs, kept.intervalMs ?? 0);
  const results = kept.results.map((result) => atMoment(result, { ...moment, healthIntervalMs }));
  const { status, reason, advice } = rollUp(results);
  return {
    status: WORDS[status],
    state: status,
    ...(reason === undefined ? {} : { reason }),
    ...(advice === undefined ? {} : { advice }),
    mainThreadSilentMs: Math.round(moment.silentMs),
    ageMs: Math.round(Math.max(0, ...results.map(({ ageMs }) => ageMs))),
    checks: Object.fromEntries(results.map((result) => [result.name, [componentDocument(result)]])),
  };
}

/** The same for one that was made just now, by the main thread itself. */
export function currentHealthDocument(report: HealthReport): HealthDocument {
  return healthDocument(report, { elapsedMs: 0, silentMs: 0, livenessTimeoutMs: Infinity, healthIntervalMs: Infinity });
}

function atMoment(result: AgedResult, { elapsedMs, silentMs, livenessTimeoutMs, healthIntervalMs }: Moment): AgedResult {
  const now = aged(result, result.ageMs + elapsedMs, healthIntervalMs);
  if (result.name !== 'event_loop' || silentMs < STALLED_MS) return now;
  const hasHung = silentMs > livenessTimeoutMs;
  // Seen from outside, so it is no older than this moment.
  return {
    ...now,
    ageMs: 0,
    status: hasHung ? 'unhealthy' : 'degraded',
    isCritical: hasHung,
    reason: 'stalled',
    advice: hasHung ? HUNG : STALLED,
    details: { ...now.details, silentMs: Math.round(silentMs) },
  };
}

function componentDocument(result: AgedResult): ComponentDocument {
  const { status, reason, advice, errorType, atMs, ageMs, latencyMs, isCritical, details } = result;
  return {
    status: WORDS[status],
    state: status,
    ...(reason === undefined ? {} : { reason }),
    ...(advice === undefined ? {} : { advice }),
    ...(errorType === undefined ? {} : { errorType }),
    time: new Date(atMs).toISOString(),
    ageMs: Math.round(ageMs),
    latencyMs: Math.round(latencyMs * 10) / 10,
    isCritical,
    details,
  };
}
