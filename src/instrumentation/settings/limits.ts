/** How much of a span is kept; the excess is dropped and counted on the span. */
export interface SpanLimitSettings {
  readonly attributeCountLimit: number;
  /** Characters; Infinity for no limit. */
  readonly attributeValueLengthLimit: number;
  readonly eventCountLimit: number;
  readonly linkCountLimit: number;
  readonly attributePerEventCountLimit: number;
  readonly attributePerLinkCountLimit: number;
}

export interface LogLimitSettings {
  readonly attributeCountLimit: number;
  /** Characters; Infinity for no limit. */
  readonly attributeValueLengthLimit: number;
}

/** The specification's default for all counts. */
export const DEFAULT_COUNT = 128;
