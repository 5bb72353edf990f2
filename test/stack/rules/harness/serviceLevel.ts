import type { Firing, Proof, Samples } from './proof.js';

/** An objective as its proofs see it; every figure is written here again. */
export interface ServiceLevel {
  /** Beginning of the alerts' names. */
  readonly stem: string;
  readonly objective: string;
  readonly title: string;
  /** What the description promises. */
  readonly promise: string;
  /** Share of the events that may be bad. */
  readonly budget: number;
  /** Samples for the counters of all events, of the bad ones, and of the others. */
  readonly samples: (all: string, bad: string, good: string) => Samples;
  /** The same without a series of bad events, where there is one. */
  readonly withoutBad: (all: string) => Samples;
}

/** Minutes at a share of bad events. */
export type Phase = readonly [minutes: number, share: number];

export const HOUR = 60;
const RATE = 1000;

/** Counters that begin at zero and count a thousand events a minute, phase after phase. */
export function counting(level: ServiceLevel, phases: readonly Phase[], stepMinutes = 1): Samples {
  const lines = (shareOf: (share: number) => number): string => {
    let from = 0;
    return phases
      .map(([minutes, share]) => {
        const steps = minutes / stepMinutes;
        const each = Number((RATE * stepMinutes * shareOf(share)).toFixed(4));
        const line = `${String(from)}+${String(each)}x${String(steps - 1)}`;
        from = Number((from + each * steps).toFixed(4));
        return line;
      })
      .join(' ');
  };
  return level.samples(
    lines(() => 1),
    lines((share) => share),
    lines((share) => 1 - share),
  );
}

export function firing(level: ServiceLevel, window: string, share: number): Firing {
  const percent = `${String(Number((share * 100).toPrecision(4)))}%`;
  const budget = String(Number((level.budget * 100).toPrecision(4)));
  return {
    labels: { job: 'shop', deployment_environment_name: 'production', objective: level.objective, window },
    summary: `shop: ${percent} bad in the last ${window} (${level.title})`,
    description: `The objective is ${level.promise}, so that ${budget} % may be bad. In the last ${window} it was ${percent}.`,
  };
}

export const ofLevel = { area: 'service', board: 'handoff-slo' } as const satisfies Partial<Proof>;
