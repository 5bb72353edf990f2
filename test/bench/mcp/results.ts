import { median, spread } from '../statistics.js';
import type { Spread } from '../statistics.js';
import type { TelemetryFinding } from './messages.js';
import type { Measured } from './rounds.js';
import { baselineOf } from './variants.js';
import type { Road, Variant } from './variants.js';

/** A figure that is a difference; quartiles, since a difference of two disturbed readings can be anything. */
export interface Added {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

/** What is reported of a variant. */
export interface Result {
  readonly variant: Variant;
  readonly cpuUs: Spread;
  readonly wallUs: Spread;
  /** Over the baseline in the same round, µs of CPU time; absent when that was not measured. */
  readonly added: Added | undefined;
  /** The same of each round. */
  readonly differences: readonly number[];
  /** Bytes a call, and over the baseline; absent when not measured. */
  readonly bytes: number | undefined;
  readonly addedBytes: number | undefined;
  readonly telemetry: TelemetryFinding;
}

export function resultsOf(chosen: readonly Variant[], measured: ReadonlyMap<string, Measured>): Result[] {
  return chosen.flatMap((variant) => {
    const own = measured.get(variant.name);
    if (own?.telemetry === undefined) return [];
    const bare = measured.get(baselineOf(variant));
    const bytes = medianOrNone(own.allocations);
    const differences = bare === undefined ? [] : differencesOver(own, bare);
    const bareBytes = medianOrNone(bare?.allocations ?? []);
    return [
      {
        variant,
        cpuUs: spread(own.slices.map(({ cpuUs }) => cpuUs)),
        wallUs: spread(own.slices.map(({ wallUs }) => wallUs)),
        added: bare === undefined ? undefined : addedOf(differences),
        differences,
        bytes,
        addedBytes: bytes === undefined || bareBytes === undefined ? undefined : bytes - bareBytes,
        telemetry: own.telemetry,
      },
    ];
  });
}

export function onRoad(results: readonly Result[], road: Road): Result[] {
  return results.filter(({ variant }) => variant.road === road);
}

/** Round by round: two readings of one round shared what the machine was doing. */
function differencesOver(own: Measured, bare: Measured): number[] {
  return own.slices.map(({ cpuUs }, round) => cpuUs - (bare.slices[round]?.cpuUs ?? Number.NaN));
}

function addedOf(differences: readonly number[]): Added {
  const sorted = differences.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return { lower: median(sorted.slice(0, half + 1)), median: median(sorted), upper: median(sorted.slice(-half - 1)) };
}

function medianOrNone(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : median(values);
}
