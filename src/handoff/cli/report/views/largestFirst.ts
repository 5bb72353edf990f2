import { VALUE_OTHER } from '../../../../telemetry/semconv.js';

/**
 * Returns the groups of a report, the largest first and the rest at the end. An object has names that are whole numbers before all
 * others, in whatever order they were put in.
 */
export function largestFirst<Figures>(
  groups: Readonly<Record<string, Figures>>,
  sizeOf: (figures: Figures) => number,
): readonly (readonly [string, Figures])[] {
  const isRest = ([name]: readonly [string, Figures]): number => (name === VALUE_OTHER ? 1 : 0);
  return Object.entries(groups).toSorted((a, b) => isRest(a) - isRest(b) || sizeOf(b[1]) - sizeOf(a[1]));
}
