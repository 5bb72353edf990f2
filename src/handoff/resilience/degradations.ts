import type { features } from '../../telemetry/catalogue/resilience.js';
import type { Clock } from '../../time/clock.js';

export type Feature = (typeof features)[number];

/** A feature that is off. */
export interface Degradation {
  readonly feature: Feature;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** One word: an error code, or what was seen. */
  readonly reason: string;
  /** What that means for callers. */
  readonly effect: string;
}

const EFFECTS: Readonly<Record<Feature, string>> = {
  cache: 'Redis is left out: answers are the same, and slower.',
  archive: 'Archived entries may not be readable, and ended sessions may stay in the database until they can be archived.',
  jobs: 'Nothing expires and nothing is archived until jobs run again.',
};

/** How often what cannot tell by itself is looked at, at most. */
const LOOK_MS = 1000;

/** A feature that is off: since when, and the reason of each cause. */
interface Off {
  readonly sinceMs: number;
  readonly reasons: Map<string, string>;
}

/**
 * What the server works without, since when and why. A feature is off from its first cause until no cause is left; of several causes
 * the oldest one gives the reason. Causes come from those who notice, or are looked up when somebody asks.
 */
export class Degradations {
  readonly #clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  readonly #onChange: (feature: Feature, degradation: Degradation | undefined) => void;
  readonly #off = new Map<Feature, Off>();
  readonly #looks: { readonly feature: Feature; readonly cause: string; readonly look: () => string | undefined }[] = [];
  #lookedMs = -Infinity;

  /** @param onChange called when a feature goes off, and with `undefined` when it works again */
  constructor(
    clock: Pick<Clock, 'nowMs' | 'monotonicMs'>,
    onChange: (feature: Feature, degradation: Degradation | undefined) => void = () => undefined,
  ) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** Notes that a feature is off. Of a cause the latest reason holds: Redis may be back after an outage and now refuse the password. */
  degrade(feature: Feature, cause: string, reason: string): void {
    const off = this.#off.get(feature);
    if (off !== undefined) {
      off.reasons.set(cause, reason);
      return;
    }
    this.#off.set(feature, { sinceMs: this.#clock.nowMs(), reasons: new Map([[cause, reason]]) });
    this.#onChange(feature, this.#find(feature));
  }

  /** Takes a cause back. */
  restore(feature: Feature, cause: string): void {
    const reasons = this.#off.get(feature)?.reasons;
    if (reasons === undefined || !reasons.delete(cause) || reasons.size > 0) return;
    this.#off.delete(feature);
    this.#onChange(feature, undefined);
  }

  /** For what does not tell: `look` returns the reason, or `undefined` while all is well. */
  watch(feature: Feature, cause: string, look: () => string | undefined): void {
    this.#looks.push({ feature, cause, look });
  }

  /** What is off at the moment; empty while everything works. */
  list(): readonly Degradation[] {
    if (this.#looks.length > 0) this.#lookAgain();
    if (this.#off.size === 0) return NOTHING;
    return [...this.#off.keys()].flatMap((feature) => this.#find(feature) ?? []);
  }

  #lookAgain(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#lookedMs < LOOK_MS) return;
    this.#lookedMs = nowMs;
    for (const { feature, cause, look } of this.#looks) {
      const reason = look();
      if (reason === undefined) this.restore(feature, cause);
      else this.degrade(feature, cause, reason);
    }
  }

  #find(feature: Feature): Degradation | undefined {
    const off = this.#off.get(feature);
    const [reason] = off?.reasons.values() ?? [];
    if (off === undefined || reason === undefined) return undefined;
    return { feature, since: new Date(off.sinceMs).toISOString(), reason, effect: EFFECTS[feature] };
  }
}

const NOTHING: readonly Degradation[] = [];
