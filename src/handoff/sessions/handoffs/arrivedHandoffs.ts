import type { Queryable } from '../../storage/database.js';
import { arrivedHandoffs as arrived } from './sql/arrivedHandoffs.js';
import type { ArrivedRow } from './sql/arrivedHandoffs.js';

/** A handoff that was requested a moment ago. */
export interface Arrival {
  readonly handoffId: string;
  readonly targetAgent: string;
}

/** A transaction that took longer than this from its beginning to its end would be overlooked; a handoff takes milliseconds. */
const LOOK_BACK_S = 30;
/** Enough for hundreds of handoffs per second; of more than that the newest are told. */
const MAX_ARRIVALS = 10_000;

/**
 * Returns the handoffs of the last half minute, for those who wait for new ones and ask again and again. It is not an operation:
 * nobody called it, and a record for each time would drown those of the calls.
 */
export async function arrivedHandoffs(database: Queryable): Promise<readonly Arrival[]> {
  const rows = await database.query<ArrivedRow>(arrived, [LOOK_BACK_S, MAX_ARRIVALS]);
  return rows.map((row) => ({ handoffId: row.id, targetAgent: row.target_agent }));
}
