/** The vertical axis of a chart, from 0. */
export interface Scale {
  readonly top: number;
  /** From 0 to `top`, at equal distances. */
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 2.5, 5, 10] as const;
const MOST_TICKS = 5;

/**
 * Returns an axis that reaches the largest value in steps that are easily read.
 *
 * @param smallest every step is a multiple of it: there is no half of a session. Default: any step
 */
export function scaleTo(largest: number, smallest = 0): Scale {
  if (largest <= 0) return { top: smallest || 1, ticks: [0, smallest || 1] };
  const rough = largest / (MOST_TICKS - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const isWhole = (step: number): boolean => smallest === 0 || Number.isInteger(step / smallest);
  const step = Math.max(smallest, (STEPS.find((each) => each * power >= rough && isWhole(each * power)) ?? 10) * power);
  const steps = Math.max(1, Math.ceil(largest / step - EPSILON));
  return { top: steps * step, ticks: Array.from({ length: steps + 1 }, (_, at) => at * step) };
}

/** Quotients of what should be equal differ by so much. */
const EPSILON = 1e-9;
