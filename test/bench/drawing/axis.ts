/** A value of an axis, and what is written beside it. */
export interface Tick {
  readonly value: number;
  readonly label: string;
  /** How the label lies to its place on a horizontal axis. Default: in the middle. */
  readonly anchor?: 'end' | 'middle';
}

export interface Axis {
  readonly ticks: readonly Tick[];
  /** Where a value is: 0 at the beginning of the axis, 1 at its end. */
  readonly placeOf: (value: number) => number;
}

/** From 0, so that what is flat looks flat. */
export function axisFromZero(max: number, ticks: readonly Tick[]): Axis {
  return { ticks, placeOf: (value) => value / max };
}

/** Each time as much has the same distance; the first and last tick are its ends, and a single one is in the middle. */
export function logarithmicAxis(ticks: readonly Tick[]): Axis {
  const values = ticks.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return { ticks, placeOf: (value) => (least === most ? 0.5 : Math.log(value / least) / Math.log(most / least)) };
}
