/** What the parent asks a child for, one at a time. */
export type Order =
  | { readonly kind: 'warm-up'; readonly calls: number }
  | { readonly kind: 'slice'; readonly calls: number }
  | { readonly kind: 'allocation'; readonly calls: number }
  | { readonly kind: 'finish' };

/** µs a call. */
export interface Slice {
  readonly wallUs: number;
  /** CPU time of the main thread: what others did on the machine meanwhile is not in it. */
  readonly cpuUs: number;
}

/** What of a variant's telemetry arrived. */
export interface TelemetryFinding {
  /** Names of the spans of one call, in the order they ended. */
  readonly spanNames: readonly string[];
  /** Whether every call that was looked at made a span with the name of the tool in an attribute. */
  readonly toolNamed: boolean;
  /** Attribute names of that span. */
  readonly attributes: readonly string[];
  /** Spans that arrived over the whole run, a call: fewer than there are names means that some were lost. */
  readonly spansPerCall: number;
  /** Measurements of `mcp.*.operation.duration` over the whole run, a call. */
  readonly pointsPerCall: number;
}

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'warm' }
  | { readonly kind: 'slice'; readonly slice: Slice }
  /** Bytes a call. */
  | { readonly kind: 'allocation'; readonly bytes: number }
  | { readonly kind: 'telemetry'; readonly telemetry: TelemetryFinding };
