import type { Statement } from '../../storage/database.js';

/** Takes a sweep's position for this transaction. No row means that another replica is at it. $1 name of the sweep. */
export const claimPosition: Statement = {
  name: 'handoff_claim_position',
  text: 'SELECT position FROM sweep_positions WHERE name = $1 FOR UPDATE SKIP LOCKED',
};

export interface PositionRow {
  readonly position: string;
}
