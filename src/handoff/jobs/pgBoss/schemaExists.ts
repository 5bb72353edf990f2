import type { Statement } from '../../storage/database.js';

/** Whether a schema exists, whoever may use it. $1 its name. */
export const schemaExists: Statement = {
  name: 'handoff_schema_exists',
  text: 'SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS found',
};
