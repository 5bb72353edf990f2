/** A straight line through points, by least squares. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Standard error of the slope. */
  readonly slopeError: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const LEAST_POINTS = 3;

/** @throws RangeError with less than three points, of which no error can be told. */
export function lineThrough(points: readonly Point[]): Line {
  const count = points.length;
  if (count < LEAST_POINTS) throw new RangeError(`a line with an error needs ${LEAST_POINTS} points or more, got ${count}`);
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / count;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / count;
  const spreadX = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spreadX;
  const intercept = meanY - slope * meanX;
  const residuals = points.reduce((sum, { x, y }) => sum + (y - intercept - slope * x) ** 2, 0);
  return { slope, intercept, slopeError: Math.sqrt(residuals / (count - 2) / spreadX) };
}
