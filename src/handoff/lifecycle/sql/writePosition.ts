import type { Statement } from '../../storage/database.js';

/** Notes where a sweep continues. $1 name of the sweep, $2 position. */
export const writePosition: Statement = {
  name: 'handoff_write_position',
  text: `
INSERT INTO sweep_positions (name, position) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET position = EXCLUDED.position, updated_at = now()`,
};
