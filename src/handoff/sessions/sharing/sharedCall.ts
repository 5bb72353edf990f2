import type { SpanContext } from '@opentelemetry/api';
import type { OperationScope } from '../../../telemetry/observe.js';

/** A call whose statement others may share. */
export interface SharedCall {
  readonly sessionKey: string;
  /** Of the call; it is linked to the statement that it shares with others. */
  readonly scope: OperationScope;
}

/** A call with the span that was active when it was made. */
export interface TracedCall<Call extends SharedCall> {
  readonly call: Call;
  readonly span: SpanContext | undefined;
}

/** What became of one call; `alone`: nothing yet, and it has to be sent by itself. */
export type SharedOutcome<Row> = { readonly kind: 'answered'; readonly row: Row | undefined } | { readonly kind: 'alone' };

export const ALONE = { kind: 'alone' } as const;

/** The answer of a shared statement about one call. */
export interface PlacedRow {
  /** Position of the call, from 1. */
  readonly place: number;
  /** Whether somebody else has locked what the call is about: then the statement left it alone. */
  readonly is_locked?: boolean;
}

/** Returns the outcome of each call, in their order. A call without a row found nothing. */
export function outcomesOf<Row extends PlacedRow>(count: number, rows: readonly Row[]): SharedOutcome<Row>[] {
  const all = Array.from({ length: count }, (): SharedOutcome<Row> => ({ kind: 'answered', row: undefined }));
  for (const row of rows) all[row.place - 1] = row.is_locked === true ? ALONE : { kind: 'answered', row };
  return all;
}
