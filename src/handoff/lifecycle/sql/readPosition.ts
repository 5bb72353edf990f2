import type { Statement } from '../../storage/database.js';

/** Where a sweep continues. $1 name of the sweep. */
export const readPosition: Statement = {
  name: 'handoff_read_position',
  text: 'SELECT position FROM sweep_positions WHERE name = $1',
};
