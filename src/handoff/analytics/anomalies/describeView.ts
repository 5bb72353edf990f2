import { ASPECTS, VIEWS_PER_SERIES, WINDOW_ROWS } from './seriesViews.js';
import type { Aspect } from './seriesViews.js';

/** What a series is measured against: its recent median; its season, as a value; or its season, by rank among recent values. */
const BASES = ['median', 'season', 'season_rank'] as const;

/** Number of the view that speaks about rows that are missing. */
export const MISSING_VIEW = BASES.length * VIEWS_PER_SERIES;

/** On what a finding rests. */
export interface View {
  readonly basis: (typeof BASES)[number] | 'rows';
  readonly aspect: Aspect | 'missing';
  /** Over how many rows. */
  readonly rows: number;
}

export function firstViewOf(basis: (typeof BASES)[number]): number {
  return BASES.indexOf(basis) * VIEWS_PER_SERIES;
}

export function describeView(view: number): View {
  const within = view % VIEWS_PER_SERIES;
  const basis = BASES[Math.floor(view / VIEWS_PER_SERIES)];
  const aspect = ASPECTS[within % ASPECTS.length];
  const rows = WINDOW_ROWS[Math.floor(within / ASPECTS.length)];
  if (basis === undefined || aspect === undefined || rows === undefined) return { basis: 'rows', aspect: 'missing', rows: 1 };
  return { basis, aspect, rows };
}
