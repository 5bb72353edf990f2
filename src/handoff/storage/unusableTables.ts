import type { Queryable, Statement } from './database.js';

/** A table that calls cannot do without, and that cannot be used. */
export interface UnusableTable {
  readonly name: string;
  /** It is not in the search path of the role. Otherwise the role lacks a right. */
  readonly isMissing: boolean;
}

/**
 * Only what every call needs: what jobs need besides, their own state tells. A right on single columns passes, since calls may need no
 * other: what works must not be called unhealthy.
 */
const UNUSABLE_TABLES: Statement = {
  name: 'handoff_unusable_tables',
  text: `
SELECT needed.name, to_regclass(needed.name) IS NULL AS "isMissing"
FROM (VALUES ('sessions', true), ('context_history', false), ('handoff_requests', true), ('session_lifecycle', false)) AS needed (name, is_changed)
WHERE to_regclass(needed.name) IS NULL
  OR NOT has_any_column_privilege(to_regclass(needed.name), 'SELECT')
  OR NOT has_any_column_privilege(to_regclass(needed.name), 'INSERT')
  OR needed.is_changed AND NOT has_any_column_privilege(to_regclass(needed.name), 'UPDATE')
ORDER BY needed.name`,
};

/** Returns the tables of calls that cannot be used; none where all is well. Rejects like any statement. */
export function unusableTables(database: Queryable): Promise<readonly UnusableTable[]> {
  return database.query<UnusableTable>(UNUSABLE_TABLES);
}
