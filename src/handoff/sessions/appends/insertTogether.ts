import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';
import { DatabaseInterruptedError, DatabaseUnavailableError } from '../../../errors/databaseErrors.js';
import { OverloadedError } from '../../../errors/overloadedError.js';
import { sessionOperations } from '../../../telemetry/catalogue/sessions.js';
import type { Observe } from '../../../telemetry/observe.js';
import { ATTR_HANDOFF_ENTRY_COUNT } from '../../../telemetry/semconv.js';
import type { Queryable } from '../../storage/database.js';
import { insertEntries } from '../sql/insertEntries.js';
import type { InsertEntriesRow } from '../sql/insertEntries.js';
import type { InsertEntryRow } from '../sql/insertEntry.js';
import type { Append } from './append.js';

/** What became of one call; `alone`: nothing yet, and it has to be sent by itself. */
export type SharedOutcome = { readonly kind: 'answered'; readonly row: InsertEntryRow | undefined } | { readonly kind: 'alone' };

const ALONE: SharedOutcome = { kind: 'alone' };

/** A call with the span that was active when it was made. */
export interface TracedAppend {
  readonly append: Append;
  readonly span: SpanContext | undefined;
}

export interface InsertDependencies {
  readonly database: Queryable;
  readonly observe: Observe;
}

/**
 * Adds the entries of several calls with one statement, in a trace of its own: no call is the cause of it, and each is linked with it in
 * both directions. Resolves with an outcome for each call, in their order; rejects where that of all is the same: the database is not to be
 * had, or it is unknown whether the statement took effect.
 */
export async function insertTogether({ database, observe }: InsertDependencies, calls: readonly TracedAppend[]): Promise<SharedOutcome[]> {
  try {
    return await context.with(ROOT_CONTEXT, () =>
      observe(sessionOperations.appendTogether.name, { [ATTR_HANDOFF_ENTRY_COUNT]: calls.length }, async (scope) => {
        const own = trace.getSpanContext(context.active());
        for (const { append, span } of calls) {
          if (span !== undefined) scope.link(span);
          if (own !== undefined) append.scope.link(own);
        }
        return outcomes(calls.length, await database.query<InsertEntriesRow>(insertEntries, valuesOf(calls)));
      }),
    );
  } catch (error) {
    // Refused as a whole, for what may be the fault of one.
    if (isRefusal(error)) return calls.map(() => ALONE);
    throw error;
  }
}

function valuesOf(calls: readonly TracedAppend[]): readonly unknown[] {
  const column = (name: Exclude<keyof Append, 'scope'>): unknown[] => calls.map(({ append }) => append[name]);
  return [column('sessionKey'), column('contextType'), column('content'), column('metadata'), column('agent'), column('traceparent')];
}

function outcomes(count: number, rows: readonly InsertEntriesRow[]): SharedOutcome[] {
  const all = Array.from({ length: count }, (): SharedOutcome => ({ kind: 'answered', row: undefined }));
  for (const row of rows) all[row.place - 1] = row.is_locked ? ALONE : { kind: 'answered', row };
  return all;
}

/** Whether the server has said that the statement had no effect. */
function isRefusal(error: unknown): boolean {
  return !(error instanceof DatabaseInterruptedError || error instanceof DatabaseUnavailableError || error instanceof OverloadedError);
}
