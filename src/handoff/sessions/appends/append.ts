import type { OperationScope } from '../../../telemetry/observe.js';

/** One entry to add, as the statements take it. */
export interface Append {
  readonly sessionKey: string;
  readonly contextType: string;
  readonly content: string;
  /** As JSON text. */
  readonly metadata: string;
  readonly agent: string | null;
  readonly traceparent: string | null;
  /** Of the call; it is linked to the statement that it shares with others. */
  readonly scope: OperationScope;
}
