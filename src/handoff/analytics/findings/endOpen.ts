import type { Queryable } from '../../storage/database.js';
import type { Series } from './series.js';
import { endAnomalies } from './sql/anomalies.js';
import type { AnomalyRow, EndCause } from './sql/anomalies.js';

/** Ends what is open of a series, and returns it. */
export function endOpen(q: Queryable, { kind, subject }: Series, atMs: number, cause: EndCause): Promise<readonly AnomalyRow[]> {
  return q.query<AnomalyRow>(endAnomalies, [kind, subject, new Date(atMs), cause]);
}
