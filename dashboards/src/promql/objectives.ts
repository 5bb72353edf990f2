import type { Objective } from '../../../src/telemetry/catalogue/objectives.js';
import { differs, equals, matches, matchesNot } from '../names/selectors.js';
import type { Matcher } from '../names/selectors.js';
import { bucketSeries, countSeries } from '../names/series.js';
import { increase, orNone, share, sum } from './expressions.js';

/** Returns the matchers of an objective's events, good and bad. */
export function eventMatchers({ of }: Objective): readonly Matcher[] {
  return Object.entries(of).map(([key, value]) => equals(key, value));
}

/** Returns the share of bad events, from the counters themselves: it needs no recording rule. */
export function badShare(objective: Objective, scope: readonly Matcher[], range: string, by: readonly string[] = []): string {
  const all = [...eventMatchers(objective), ...scope];
  const count = countSeries(objective.metric);
  const events = sum(increase(count, all, range), by);
  const { bad } = objective;
  if (bad.kind === 'failed') {
    const pattern = bad.patterns.join('|');
    const failed = bad.is === 'one of' ? matches(bad.key, pattern) : matchesNot(bad.key, pattern);
    return share(orNone(sum(increase(count, [...all, failed], range), by), events), events);
  }
  if (!objective.metric.buckets?.includes(bad.slowerThanS)) {
    throw new TypeError(`${objective.metric.name} has no bucket of ${bad.slowerThanS} s: use one of its buckets in objectives.ts.`);
  }
  const fast = sum(increase(bucketSeries(objective.metric), [...all, upTo(bad.slowerThanS)], range), by);
  return `1 - ${share(fast, events)}`;
}

/** Bounds are written `2` by some and `2.0` by others: Prometheus 3 writes the second, on every path. */
export function upTo(bound: number): Matcher {
  return Number.isInteger(bound) ? matches('le', String.raw`${bound}(\.0)?`) : equals('le', String(bound));
}

/** Matches the points of calls that failed, whatever for. */
export const failed = (key: string): Matcher => differs(key, '');
