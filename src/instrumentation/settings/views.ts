import type { InstrumentKind } from './metrics.js';
import type { KeyPatterns } from './resourceSettings.js';

/** Customises the metrics of some instruments. */
export interface ViewSettings {
  readonly selector: ViewSelector;
  readonly name?: string;
  readonly description?: string;
  readonly aggregation?: AggregationChoice;
  readonly cardinalityLimit?: number;
  readonly attributeKeys?: KeyPatterns;
}

/** An instrument must match every field that is set; `instrumentName` may contain `*` and `?`. */
export interface ViewSelector {
  readonly instrumentName?: string;
  readonly instrumentKind?: InstrumentKind;
  readonly unit?: string;
  readonly meterName?: string;
  readonly meterVersion?: string;
  readonly meterSchemaUrl?: string;
}

export type AggregationChoice =
  | { readonly kind: 'default' | 'drop' | 'last_value' | 'sum' }
  | { readonly kind: 'explicit_bucket_histogram'; readonly boundaries?: readonly number[]; readonly recordMinMax: boolean }
  | { readonly kind: 'base2_exponential_bucket_histogram'; readonly maxSize?: number; readonly recordMinMax: boolean };
