import { normal, seededRandom } from '../random.js';

/** A series of the service in which nothing is wrong: a row each five minutes. */
export interface Healthy {
  readonly name: string;
  /** Makes one of many alike. */
  make(rows: number, seed: number): number[];
}

export const INTERVAL_MS = 300_000;
export const ROWS_PER_DAY = 288;
export const ROWS_PER_WEEK = 7 * ROWS_PER_DAY;

/** 1 at noon, 0 at midnight. */
const day = (row: number): number => (1 - Math.cos((2 * Math.PI * row) / ROWS_PER_DAY)) / 2;
/** Monday to Friday. */
const isWorkday = (row: number): boolean => Math.floor(row / ROWS_PER_DAY) % 7 < 5;

/** How many events there are when so many are expected. */
function poisson(mean: number, random: () => number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count += 1;
  return count;
}

function made(valueOf: (row: number, random: () => number) => number): Healthy['make'] {
  return (rows, seed) => {
    const random = seededRandom(seed);
    return Array.from({ length: rows }, (_, row) => valueOf(row, random));
  };
}

/** In the order of the table. */
export const healthySeries: readonly Healthy[] = [
  { name: 'latency p95, no season', make: made((_, random) => 40 * Math.exp(0.15 * normal(random))) },
  { name: 'latency p95, daily', make: made((row, random) => (40 + 30 * day(row)) * Math.exp(0.12 * normal(random))) },
  { name: 'calls, daily', make: made((row, random) => poisson(20 + 180 * day(row), random)) },
  {
    name: 'calls, daily and weekly',
    make: made((row, random) => poisson((isWorkday(row) ? 1 : 0.25) * (20 + 180 * day(row)), random)),
  },
  { name: 'errors, rare', make: made((_, random) => poisson(0.15, random)) },
  {
    name: 'pool in use, wandering',
    make: (rows, seed) => {
      const random = seededRandom(seed);
      let level = 0;
      return Array.from({ length: rows }, () => {
        level = 0.98 * level + 0.2 * normal(random);
        return 50 + 5 * level;
      });
    },
  },
];
