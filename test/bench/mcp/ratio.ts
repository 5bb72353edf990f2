import { median, quantile } from '../statistics.js';

/** How often the rounds are drawn again, and the share of the draws within the bounds that are told. */
const DRAWS = 2000;
const SHARE = 0.9;

/** A ratio of two medians, and between which bounds it lay in nine of ten draws from the same rounds. */
export interface Ratio {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Compares two lists by their medians; values of the same index are of one round, and so are drawn together. The draws are the same in
 * every run.
 *
 * @throws RangeError without values
 */
export function ratioOfMedians(own: readonly number[], other: readonly number[]): Ratio {
  const ratios: number[] = [];
  let seed = 1;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const [above, below]: [number[], number[]] = [[], []];
    for (let index = 0; index < own.length; index += 1) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const drawn = Math.floor((seed / 2 ** 32) * own.length);
      above.push(own[drawn] ?? Number.NaN);
      below.push(other[drawn] ?? Number.NaN);
    }
    ratios.push(median(above) / median(below));
  }
  ratios.sort((a, b) => a - b);
  const edge = (1 - SHARE) / 2;
  return { value: median(own) / median(other), lower: quantile(ratios, edge), upper: quantile(ratios, 1 - edge) };
}
