import type { JsonObject } from '../sessions/types.js';

/** What a session must be for a rule to fit; what is absent is not asked for. */
export interface RuleConditions {
  /** Agent that registered the session. */
  readonly agent?: string | undefined;
  /** Part of the session's metadata, as PostgreSQL's `@>` contains it. */
  readonly metadata?: JsonObject | undefined;
  /** Kind of handoff. A rule with it is tried when a session is handed over, and not when it is registered. */
  readonly requestType?: string | undefined;
}

/** The first rule that fits, by position and number, decides the policy of a session. */
export interface RetentionRule extends RuleConditions {
  readonly id: string;
  readonly position: number;
  readonly policy: string;
  readonly createdAt: Date;
}

export interface NewRule extends RuleConditions {
  readonly policy: string;
  /** A whole number, at most a billion from zero. Default: after all others. */
  readonly position?: number | undefined;
}
