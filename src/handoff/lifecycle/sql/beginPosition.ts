import type { Statement } from '../../storage/database.js';

/** Makes the row that `claimPosition` locks. $1 name of the sweep, $2 first position. */
export const beginPosition: Statement = {
  name: 'handoff_begin_position',
  text: 'INSERT INTO sweep_positions (name, position) VALUES ($1, $2) ON CONFLICT DO NOTHING',
};
