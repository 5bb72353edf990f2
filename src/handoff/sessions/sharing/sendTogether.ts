import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { DatabaseInterruptedError, DatabaseUnavailableError } from '../../../errors/databaseErrors.js';
import { OverloadedError } from '../../../errors/overloadedError.js';
import type { OperationName } from '../../../telemetry/catalogue/operations.js';
import type { Observe } from '../../../telemetry/observe.js';
import { ATTR_HANDOFF_ENTRY_COUNT } from '../../../telemetry/semconv.js';
import { ALONE } from './sharedCall.js';
import type { SharedCall, SharedOutcome, TracedCall } from './sharedCall.js';

export interface SharedStatement<Call extends SharedCall, Row> {
  /** Name of the operation below which the statement is shown. */
  readonly operation: OperationName;
  readonly send: (calls: readonly Call[]) => Promise<SharedOutcome<Row>[]>;
}

/**
 * Sends one statement for several calls, in a trace of its own: no call is the cause of it, and each is linked with it in both directions.
 * Resolves with an outcome for each call, in their order; rejects where that of all is the same: the database is not to be had, or it is
 * unknown whether the statement took effect.
 */
export async function sendTogether<Call extends SharedCall, Row>(
  observe: Observe,
  { operation, send }: SharedStatement<Call, Row>,
  calls: readonly TracedCall<Call>[],
): Promise<SharedOutcome<Row>[]> {
  try {
    return await context.with(ROOT_CONTEXT, () =>
      observe(operation, { [ATTR_HANDOFF_ENTRY_COUNT]: calls.length }, async (scope) => {
        const own = trace.getSpanContext(context.active());
        for (const { call, span } of calls) {
          if (span !== undefined) scope.link(span);
          if (own !== undefined) call.scope.link(own);
        }
        return send(calls.map(({ call }) => call));
      }),
    );
  } catch (error) {
    // Refused as a whole, for what may be the fault of one.
    if (isRefusal(error)) return calls.map(() => ALONE);
    throw error;
  }
}

/** Whether the server has said that the statement had no effect. */
function isRefusal(error: unknown): boolean {
  return !(error instanceof DatabaseInterruptedError || error instanceof DatabaseUnavailableError || error instanceof OverloadedError);
}
