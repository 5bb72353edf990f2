import type { MeterProvider } from '@opentelemetry/api';
import type { ResourceMetrics, ViewOptions } from '@opentelemetry/sdk-metrics';
import type { Clock } from '../../time/clock.js';
import type { ExemplarFilter } from '../settings/metrics.js';
import { exemplarsOf } from './exemplarsOf.js';
import type { PointExemplars } from './exemplarsOf.js';
import { noteMeasurements } from './noteMeasurements.js';
import { Reservoirs } from './reservoirs.js';

/** Exemplars: OpenTelemetry's JavaScript SDK has none. See docs/decisions, "Exemplars". */
export interface Exemplars {
  /** Starts taking them from the instruments of `provider`. Call it before anything asks the provider for a meter. */
  attach(provider: MeterProvider): void;
  /** Returns the exemplars of a collection. */
  of(collected: ResourceMetrics): PointExemplars;
  detach(): void;
}

export interface ExemplarOptions {
  readonly filter: ExemplarFilter;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** The provider's. */
  readonly views: readonly ViewOptions[];
}

const NONE: PointExemplars = new Map();

/** With `always_off` nothing is touched and there is no cost. */
export function createExemplars({ filter, clock, views }: ExemplarOptions): Exemplars {
  if (filter === 'always_off') return { attach: () => {}, of: () => NONE, detach: () => {} };
  const reservoirs = new Reservoirs(views);
  let detach = (): void => {};
  return {
    attach: (provider) => {
      detach = noteMeasurements(provider, { reservoirs, filter, clock });
    },
    of: (collected) => exemplarsOf(collected, reservoirs),
    detach: () => detach(),
  };
}
