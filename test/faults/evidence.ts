import type { HealthComponent, HealthReason, HealthState } from '../../src/telemetry/catalogue/health.js';

/** What was seen while one fault was made and mended. All times are milliseconds of one monotonic clock. */
export interface Evidence {
  /** When the load began that counts. */
  readonly startedMs: number;
  readonly injectedMs: number;
  /** When what was broken was whole again. */
  readonly mendedMs: number;
  readonly endedMs: number;
  readonly calls: readonly CallRecord[];
  /** What is stored in the end. */
  readonly stored: readonly StoredEntry[];
  readonly health: readonly HealthSample[];
  readonly alerts: readonly AlertSample[];
  /** Servers that should have gone on and did not. */
  readonly endedReplicas: readonly string[];
}

/** One call, as its client saw it. */
export interface CallRecord {
  readonly agent: string;
  readonly startMs: number;
  readonly endMs: number;
  /** `refused`: an answer that says that it failed. `lost`: no answer. */
  readonly outcome: 'ok' | 'refused' | 'lost';
  /** Of a failed call: the code of the answer, or what happened to the connection. */
  readonly reason?: string;
  /** Of a write: what was to be stored. */
  readonly write?: StoredEntry;
}

export interface StoredEntry {
  readonly sessionKey: string;
  readonly content: string;
}

/** One answer of `/health`; without `parts` when none came in time. */
export interface HealthSample {
  readonly replica: string;
  readonly atMs: number;
  readonly parts?: Readonly<Partial<Record<HealthComponent, PartHealth>>>;
}

export interface PartHealth {
  readonly state: HealthState;
  readonly reason?: HealthReason;
}

/** The alerts that fired at one moment. */
export interface AlertSample {
  readonly atMs: number;
  readonly firing: readonly string[];
}
