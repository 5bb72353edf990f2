import type { Arena } from './arena.js';
import { Rareness } from './rareness.js';
import { RecentSums } from './recentSums.js';
import type { Strongest } from './strongest.js';

/** Lengths of the windows, in rows. */
export const WINDOW_ROWS = [1, 6, 24, 96] as const;

/** What is rare about a window: a mean far above or below what is expected, or far from that of the window before; a large spread. */
export const ASPECTS = ['above', 'below', 'change', 'spread'] as const;
export type Aspect = (typeof ASPECTS)[number];
export const VIEWS_PER_SERIES = WINDOW_ROWS.length * ASPECTS.length;

/** The views of one series: each window by each aspect, compared with the history of just that. */
export class SeriesViews {
  readonly #firstView: number;
  readonly #sums: RecentSums;
  readonly #rareness: readonly Rareness[];

  /** @param firstView number of the first of its views; `viewOf()` of describeView.ts reads these numbers */
  constructor(arena: Arena, firstView: number) {
    this.#firstView = firstView;
    this.#sums = new RecentSums(arena, WINDOW_ROWS);
    this.#rareness = Array.from({ length: VIEWS_PER_SERIES }, () => new Rareness(arena));
  }

  /**
   * @param value of the row, 0 when it is as expected
   * @param isHeard whether what the views say counts; their histories grow in any case
   */
  judge(value: number, strongest: Strongest, isHeard: boolean): void {
    this.#sums.push(value);
    let view = 0;
    for (const { mean, spread, meanBefore, rows, isFull, hasBefore } of this.#sums.windows) {
      const level = isFull ? mean : 0;
      this.#offer(view, Math.max(0, level), strongest, isHeard);
      this.#offer(view + 1, Math.max(0, -level), strongest, isHeard);
      this.#offer(view + 2, hasBefore ? Math.abs(mean - meanBefore) : 0, strongest, isHeard);
      // A single row has no spread.
      if (rows > 1) this.#offer(view + 3, isFull ? spread : 0, strongest, isHeard);
      view += ASPECTS.length;
    }
  }

  #offer(view: number, statistic: number, strongest: Strongest, isHeard: boolean): void {
    const surprise = this.#rareness[view]?.surprise(statistic) ?? 0;
    if (isHeard) strongest.offer(surprise, this.#firstView + view);
  }
}
