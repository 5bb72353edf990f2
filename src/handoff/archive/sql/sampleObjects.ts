import type { Statement } from '../../storage/database.js';

const NEIGHBOURS = (from: string): string =>
  `(SELECT a.object_key, a.store, a.location FROM session_archives a WHERE a.session_id ${from} (SELECT id FROM pivot) ORDER BY a.session_id LIMIT 20)`;

/** Selects some objects, others each time, of sessions that are archived in a place. $1 store, $2 location. */
export const sampleObjects: Statement = {
  name: 'handoff_archive_sample',
  text: `
WITH pivot AS MATERIALIZED (SELECT gen_random_uuid() AS id)
SELECT near.object_key FROM (${NEIGHBOURS('>=')} UNION ALL ${NEIGHBOURS('<')}) AS near
WHERE near.store = $1 AND near.location = $2
LIMIT 5`,
};

export interface SampledObject {
  readonly object_key: string;
}
