import type { MetricDefinition } from '../../../../src/telemetry/catalogue/definitions.js';
import type { lifecycleLimits, Objective } from '../../../../src/telemetry/catalogue/objectives.js';

/** Everything that rules are made from, loaded for one change alone, so that it may be edited. */
export interface Catalogue {
  readonly metrics: readonly Editable<MetricDefinition>[];
  readonly objectives: Readonly<Record<string, Editable<Objective>>>;
  readonly limits: Limits;
}

/** Limits of the lifecycle, whose numbers may be set. */
export type Limits = Numbers<typeof lifecycleLimits>;

type Numbers<T> = { -readonly [key in keyof T]: T[key] extends number ? number : Numbers<T[key]> };

export type Editable<T> = { -readonly [key in keyof T]: T[key] };

/** One deliberate change of the catalogue. */
export interface Change {
  /** What is changed, for a person. */
  readonly name: string;
  /** An exported constant of `semconv.ts` that gets another value, everywhere at once. */
  readonly renamed?: string;
  readonly edit?: (catalogue: Catalogue) => void;
}
