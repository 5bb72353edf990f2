/**
 * Takes a step that ends an observation, and runs it once the last metrics were collected. Otherwise the receiver would keep the value of
 * the interval before: a request that has long been answered would stay open.
 */
export type AfterMetrics = (step: () => void) => void;

/** For those who have no last collection of their own. */
export const atOnce: AfterMetrics = (step) => {
  step();
};
