/**
 * SQL for the oid of the schema that our tables are in. That need not be `current_schema()`, which is the first schema of the search path
 * that exists: `"$user"` comes before `public` by default, and may be made after the tables were. Where there are no tables yet, it is
 * `current_schema()`, in which they are made.
 */
export const OUR_SCHEMA = `COALESCE(
  (SELECT known.relnamespace FROM pg_class known WHERE known.oid = to_regclass('handoff_migrations')),
  (SELECT first.oid FROM pg_namespace first WHERE first.nspname = current_schema()))`;

/** SQL for the name of that schema, quoted where it has to be; NULL where no schema of the search path exists. */
export const OUR_SCHEMA_NAME = `(SELECT quote_ident(ours.nspname) FROM pg_namespace ours WHERE ours.oid = ${OUR_SCHEMA})`;

/** Makes new tables and functions of this transaction in our schema, since `CREATE` takes the first schema of the search path. */
export const CREATE_IN_OUR_SCHEMA = `SELECT set_config('search_path', ${OUR_SCHEMA_NAME} || ', ' || current_setting('search_path'), true)
  WHERE to_regclass('handoff_migrations') IS NOT NULL`;
