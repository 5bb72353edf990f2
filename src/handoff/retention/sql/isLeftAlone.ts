/**
 * SQL for whether an ended session was put back from the archive and is left alone for a while: its `expires_at` is then later than its
 * time to live makes it, and no change of a policy brings it forward. `row` names a row of `sessions`; `idleSince` is when it was used
 * last.
 */
export const isLeftAlone = (row: string, idleSince: string): string =>
  `(${row}.status <> 'active' AND ${row}.expires_at > ${idleSince} + make_interval(secs => ${row}.ttl_hours * 3600 + 1))`;
