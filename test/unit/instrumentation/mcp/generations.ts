import type { Pair } from './pair.js';
import { SdkV1Pair } from './sdkV1Pair.js';
import { SdkV2Pair } from './sdkV2Pair.js';

export interface Generation {
  readonly name: string;
  readonly make: () => Pair;
}

export const generations: readonly Generation[] = [
  { name: 'SDK v1', make: () => new SdkV1Pair() },
  { name: 'SDK v2', make: () => new SdkV2Pair() },
];
