import type { Detector } from '../anomalies/detector.js';
import type { Episode } from '../anomalies/episodes.js';
import type { Bucket } from './buckets.js';

/** Gives the detector what is there, and returns the episodes that it saw, as they are after the last bucket. */
export function episodesOf(detector: Detector, buckets: readonly Bucket[]): readonly Episode[] {
  const episodes = new Map<number, Episode>();
  for (const { atMs, value, isLeftOut } of buckets) {
    if (isLeftOut) continue;
    const { episode } = detector.observe(atMs, value ?? Number.NaN);
    if (episode !== undefined) episodes.set(episode.detectedAtMs, episode);
  }
  return [...episodes.values()];
}
