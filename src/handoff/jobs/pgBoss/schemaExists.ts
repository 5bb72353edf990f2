import type { Statement } from '../../storage/database.js';

/** Whether a schema exists, whoever may use it. $1 its name. */
export const schemaExists: Statement = {
  name: 'handoff_schema_exists',
  text: 'SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS found',
};

/** Whether a table exists in a schema that may be used. $1 both names, with a dot between them. */
export const tableExists: Statement = {
  name: 'handoff_table_exists',
  text: 'SELECT to_regclass($1) IS NOT NULL AS found',
};
