import type { Episode } from '../anomalies/episodes.js';
import { severityOf } from './severity.js';
import type { Series } from './series.js';
import type { Direction, EndCause, EvidenceRow } from './sql/anomalies.js';

/** An episode that is about to be kept. */
export interface EpisodeToKeep {
  readonly episode: Episode;
  readonly ended?: { readonly atMs: number; readonly cause: EndCause };
  readonly evidence: readonly EvidenceRow[];
  readonly traces: readonly string[];
}

/** The values of the statement `keepAnomaly`. */
export function valuesOf({ kind, subject }: Series, { episode, ended, evidence, traces }: EpisodeToKeep): readonly unknown[] {
  const { peak, startedAtMs, detectedAtMs } = episode;
  return [
    kind,
    subject,
    new Date(detectedAtMs),
    new Date(startedAtMs),
    ended === undefined ? null : new Date(ended.atMs),
    ended?.cause ?? null,
    severityOf(peak.score),
    directionOf(episode),
    peak.score,
    new Date(peak.atMs),
    peak.value ?? null,
    peak.expected ?? null,
    peak.lower ?? null,
    peak.upper ?? null,
    JSON.stringify(evidence),
    traces,
  ];
}

/** By the value, where it is outside of its band; otherwise the mean of several buckets is what was unusual, or how they vary. */
function directionOf({ peak }: Episode): Direction {
  const { value, view, lower = -Infinity, upper = Infinity } = peak;
  if (value === undefined || view.aspect === 'missing') return 'missing';
  if (value > upper) return 'above';
  if (value < lower) return 'below';
  return view.aspect === 'above' || view.aspect === 'below' ? view.aspect : 'unsteady';
}
