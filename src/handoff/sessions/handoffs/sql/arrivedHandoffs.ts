import type { Statement } from '../../../storage/database.js';

/**
 * Selects the handoffs of the last seconds that wait for an answer, newest first, by one look into the index of arrivals. Who subscribes to
 * an inbox need not have used it before.
 *
 * A handoff has the time at which its transaction began and is seen when that ends, so whoever asks repeatedly has to look back
 * further than to the last time it asked.
 *
 * $1 seconds to look back, $2 maximum number of handoffs.
 */
export const arrivedHandoffs: Statement = {
  name: 'handoff_arrived_handoffs',
  text: `
SELECT id, target_agent FROM handoff_requests
WHERE status = 'pending' AND created_at > now() - $1::float8 * interval '1 second' AND target_agent IS NOT NULL
ORDER BY created_at DESC
LIMIT $2::int`,
};

export interface ArrivedRow {
  readonly id: string;
  readonly target_agent: string;
}
