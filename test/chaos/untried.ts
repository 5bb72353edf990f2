/** A tree of counts, by what was counted. */
export interface Counts {
  readonly [what: string]: number | Counts;
}

/** Names each count that is 0: a run in which something never happened shows nothing about it. */
export function untried(counts: Counts, path: readonly string[] = []): string[] {
  return Object.entries(counts).flatMap(([what, value]) => {
    const place = [...path, what];
    if (typeof value !== 'number') return untried(value, place);
    return value > 0 ? [] : [`This run never had any: ${place.join(' ')}. Give it more --seconds, or another --seed.`];
  });
}
