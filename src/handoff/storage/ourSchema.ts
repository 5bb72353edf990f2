/**
 * SQL for the oid of the schema that our tables are in. That need not be `current_schema()`, which is the first schema of the search path
 * that exists: `"$user"` comes before `public` by default, and may be made after the tables were. Where there are no tables yet, it is
 * `current_schema()`, in which they are made.
 */
export const OUR_SCHEMA = `COALESCE(
  (SELECT known.relnamespace FROM pg_class known WHERE known.oid = to_regclass('handoff_migrations')),
  (SELECT first.oid FROM pg_namespace first WHERE first.nspname = current_schema()))`;
